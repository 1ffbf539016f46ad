/** What the embedded broker took: all of it, and what failed somewhere. */

import { type Signal, signal } from "@preact/signals";
import { listEvents, replayEvent } from "../http/events";
import { Problem } from "../http/problems";
import { notify } from "../shell/notices";
import { extended, PAGE, renewed, type Shown, sizeOf } from "./merging";
import { words } from "./words";

export const FILTERS = ["all", "failed"] as const;
export type Filter = (typeof FILTERS)[number];

/** What each filter leaves; null until it was read. */
export const lists: Readonly<Record<Filter, Signal<Shown | null>>> = {
  all: signal(null),
  failed: signal(null),
};

/** Why the last reading failed. */
export const trouble = signal<Problem | null>(null);

/** The numbers of events that are being replayed. */
export const replaying = signal<ReadonlySet<number>>(new Set());

const reading: Partial<Record<Filter, Promise<void>>> = {};

/** Bring a list up to date; one reading at a time. */
export function refresh(filter: Filter): Promise<void> {
  reading[filter] ??= read(filter).finally(() => delete reading[filter]);
  return reading[filter];
}

async function read(filter: Filter): Promise<void> {
  const list = lists[filter];
  await noted(async () => {
    const page = await listEvents({ state: stateOf(filter), limit: sizeOf(list.value) });
    list.value = renewed(list.value, page);
  });
}

/** Read the next older events; return the number of the first of them. */
export async function loadMore(filter: Filter): Promise<number | undefined> {
  const list = lists[filter];
  const before = list.value?.before;
  let first: number | undefined;
  await noted(async () => {
    const page = await listEvents({ state: stateOf(filter), before, limit: PAGE });
    list.value = extended(list.value, page);
    first = page.events[0]?.number;
  });
  return first;
}

/** Deliver an event once more, and say how it went. */
export async function replay(number: number): Promise<void> {
  if (replaying.value.has(number)) return;
  replaying.value = new Set([...replaying.value, number]);
  try {
    notify(words().replayed(number, await replayEvent(number)));
  } catch (error) {
    notify(words().notReplayed(number, asProblem(error)));
  } finally {
    replaying.value = new Set([...replaying.value].filter((other) => other !== number));
  }
}

/** Return the problem that an error is; throws what is none. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

function stateOf(filter: Filter): "dead" | undefined {
  return filter === "failed" ? "dead" : undefined;
}

async function noted(act: () => Promise<void>): Promise<void> {
  try {
    await act();
    trouble.value = null;
  } catch (error) {
    trouble.value = asProblem(error);
  }
}
