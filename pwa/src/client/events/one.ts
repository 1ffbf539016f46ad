/** The one event that an address names. */

import { signal } from "@preact/signals";
import { readEvent, type StoredEvent } from "../http/events";
import { Problem } from "../http/problems";
import { asProblem } from "./list";

export interface One {
  /** As the address says it. */
  asked: string;
  /** As it was last read. */
  event: StoredEvent | null;
  /** Why it could not be read. */
  problem: Problem | null;
}

export const one = signal<One | null>(null);

/** Read the event of a number. */
export async function readOne(asked: string): Promise<void> {
  const known = one.value?.asked === asked ? one.value.event : null;
  try {
    one.value = { asked, event: await readEvent(numberOf(asked)), problem: null };
  } catch (error) {
    one.value = { asked, event: known, problem: asProblem(error) };
  }
}

/** Return a number that an address holds; throws the server's answer to what is none. */
function numberOf(asked: string): number {
  const number = Number(asked);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Problem({ type: "#not-found" }, 404);
}
