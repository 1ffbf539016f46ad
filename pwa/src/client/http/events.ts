/** The embedded broker's memory over HTTP. */

import { request } from "./problems";

export type DeliveryState = "waiting" | "delivered" | "dead";

/** One event on its way to one subscriber. */
export interface Delivery {
  /** Namespace and name of the Trigger. */
  trigger: string;
  state: DeliveryState;
  /** Whether it goes to the place of dead letters instead of the subscriber. */
  dead_letter: boolean;
  attempts: number;
  /** The HTTP status of the last attempt; 0 where there was no answer, or no attempt yet. */
  status: number;
  /** Why the last attempt failed. */
  detail: string;
  /** When it is tried next, for what waits; ISO 8601, as all times here. */
  due: string;
  changed: string;
}

/** One accepted event, less its data. */
export interface ListedEvent {
  /** Grows with each event. */
  number: number;
  /** Namespace and name of the broker. */
  broker: string;
  arrived: string;
  id: string;
  source: string;
  type: string;
  subject: string | null;
  /** The number of the event that it replies to. */
  cause: number | null;
  deliveries: readonly Delivery[];
}

/** One event as it was delivered. */
export interface StoredEvent extends ListedEvent {
  /** In the JSON format of CloudEvents. */
  event: Readonly<Record<string, unknown>>;
}

/** Some events, newest first. */
export interface EventPage {
  events: readonly ListedEvent[];
  /** The number below which there are more. */
  before?: number;
}

export interface EventQuery {
  /** Only events with a delivery in this state. */
  state?: DeliveryState | undefined;
  before?: number | undefined;
  /** At most 500. */
  limit: number;
}

/** List events; throws `Problem`, of status 404 where no embedded broker runs. */
export async function listEvents({ state, before, limit }: EventQuery): Promise<EventPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (state) query.set("state", state);
  if (before) query.set("before", String(before));
  return (await (await request(`/events?${query}`)).json()) as EventPage;
}

/** Read one event; throws `Problem`, of status 404 where it is not kept. */
export async function readEvent(number: number): Promise<StoredEvent> {
  return (await (await request(addressOf(number))).json()) as StoredEvent;
}

/** Deliver an event once more; return how many deliveries are due. */
export async function replayEvent(number: number): Promise<number> {
  const answer = await request(`${addressOf(number)}/replay`, { method: "POST" });
  return ((await answer.json()) as { deliveries: number }).deliveries;
}

/** Return where an event is to be had as JSON. */
export function addressOf(number: number): string {
  return `/events/${number}`;
}
