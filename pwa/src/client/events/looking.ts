/** What is looked at again and again: what the view shows now. */

import { whileUsed } from "../pictures/use";
import { readCounter } from "./counter";
import { FILTERS, type Filter, refresh, trouble } from "./list";
import { readOne } from "./one";

/** Milliseconds between two looks. */
const EVERY = 5_000;

let shown = "";

/** Keep what an address names up to date while somebody looks; return what ends that. */
export function keepLooking(argument: string): () => void {
  shown = argument;
  void look();
  // What somebody may not see is not asked for again and again.
  return whileUsed(() => trouble.peek()?.status !== 403 && void look(), EVERY);
}

/** Look once. */
export async function look(): Promise<void> {
  const filter = filterOf(shown);
  if (filter) await Promise.all([refresh(filter), readCounter()]);
  else await readOne(shown);
}

/** Return the list that an address names; null where it names one event. */
export function filterOf(argument: string): Filter | null {
  return argument === "" ? "all" : (FILTERS.find((one) => one === argument) ?? null);
}
