/** What the view shows, kept up to date while somebody looks. */

import { pause } from "../live/backoff";
import { isLive } from "../live/live";
import { wish } from "../live/wishes";
import { onReturn } from "../pictures/use";
import { active, known } from "./known";
import { FILTERS, type Filter, hear, refresh } from "./list";
import { readOrders } from "./orders";
import { refreshJob } from "./watching";

/** Milliseconds between two looks where sockets fail: while something is under way, and else. */
const EVERY = 5_000;
const EVERY_AT_REST = 15_000;

/** Keep what an address names up to date; return what ends that. */
export function keepLooking(argument: string): () => void {
  const look = () => void lookAt(argument);
  look();
  const stops = [
    wish({ topic: "jobs", hear, reconcile: look, poll: (signal) => poll(signal, argument) }),
    onReturn(() => {
      if (!isLive()) look();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

async function poll(signal: AbortSignal, argument: string): Promise<void> {
  while (!signal.aborted) {
    await lookAt(argument);
    await pause(signal, active(known.peek()).length > 0 ? EVERY : EVERY_AT_REST);
  }
}

/** Look once. */
export async function lookAt(argument: string): Promise<void> {
  const filter = filterOf(argument);
  if (filter) await Promise.all([refresh(filter), readOrders()]);
  else await refreshJob(argument);
}

/** Return the list that an address names; null where it names one job. */
export function filterOf(argument: string): Filter | null {
  return argument === "" ? "all" : (FILTERS.find((one) => one === argument) ?? null);
}
