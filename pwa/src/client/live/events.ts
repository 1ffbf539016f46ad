/** What comes and goes over `/live`: CloudEvents in JSON, one in each frame. */

/** One CloudEvent, as far as the page looks at it. */
export interface LiveEvent {
  type: string;
  subject?: string;
  data?: unknown;
  /** A text that orders; where to go on after a break. */
  sequence?: string;
}

/** What the server says first. */
export interface Welcome {
  /** Whether everything since `after` follows; else something may be missing. */
  resumed: boolean;
  /** Seconds between two signs of life. */
  heartbeat: number;
}

/** What the server says when it listens to what it was asked for. */
export interface Subscribed {
  topics: readonly string[];
}

export const SUBPROTOCOL = "cloudevents.json";

export const WELCOME = "plotkiln.live.welcome";
export const DROPPED = "plotkiln.live.dropped";
export const SUBSCRIBED = "plotkiln.live.subscribed";
const SUBSCRIBE = "plotkiln.live.subscribe";

/** Topic → how the types of its events begin. */
const TYPES: Readonly<Record<string, string>> = {
  jobs: "plotkiln.job.",
  styles: "plotkiln.style.",
  artifacts: "plotkiln.artifact.",
};

/** Read a frame; null where it is no event. */
export function readEvent(frame: unknown): LiveEvent | null {
  if (typeof frame !== "string") return null;
  try {
    const event: unknown = JSON.parse(frame);
    return isEvent(event) ? event : null;
  } catch {
    return null;
  }
}

/** Return the frame that names the topics from now on. */
export function subscription(topics: readonly string[], id: string): string {
  const event = { specversion: "1.0", id, source: "/app", type: SUBSCRIBE, data: { topics } };
  return JSON.stringify(event);
}

/** Whether an event belongs to a topic: to `jobs` those of every job, to `jobs/<id>` those of one. */
export function isAbout(topic: string, { type, subject }: LiveEvent): boolean {
  const [kind = "", ...rest] = topic.split("/");
  const begin = TYPES[kind];
  if (!begin || !type.startsWith(begin)) return false;
  return rest.length === 0 || subject === rest.join("/");
}

/** Whether topics cover one: `jobs` covers each `jobs/<id>`. */
export function covers(topics: Iterable<string>, topic: string): boolean {
  const all = topic.split("/")[0] ?? "";
  return [...topics].some((one) => one === topic || one === all);
}

/** Return the address that names topics, after which event to begin, and by which ticket. */
export function addressWith(
  base: string,
  topics: readonly string[],
  after: string,
  ticket = "",
): string {
  const address = new URL(base);
  for (const topic of topics) address.searchParams.append("topic", topic);
  if (after) address.searchParams.set("after", after);
  if (ticket) address.searchParams.set("ticket", ticket);
  return address.href;
}

function isEvent(value: unknown): value is LiveEvent {
  return typeof value === "object" && value !== null && "type" in value;
}
