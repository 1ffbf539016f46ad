/** What the view shows, kept up to date while somebody looks. */

import { isLive } from "../live/live";
import { wish } from "../live/wishes";
import { whileUsed } from "../pictures/use";
import { active, known } from "./known";
import { FILTERS, type Filter, hear, refresh } from "./list";
import { readOrders } from "./orders";
import { refreshJob } from "./watching";

/** Milliseconds between two looks where sockets fail, while something is under way. */
const EVERY = 5_000;

/** Keep what an address names up to date; return what ends that. */
export function keepLooking(argument: string): () => void {
  const look = () => void lookAt(argument);
  look();
  const stops = [
    wish({ topic: "jobs", hear, reconcile: look }),
    whileUsed(() => {
      if (!isLive() && active(known.peek()).length > 0) look();
    }, EVERY),
  ];
  return () => {
    for (const stop of stops) stop();
  };
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
