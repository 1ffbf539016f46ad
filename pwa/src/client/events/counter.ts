/** The counter `home`, which the tile shows. */

import { signal } from "@preact/signals";
import { readTotal, readTotalPicture, type TotalPicture } from "../http/counters";
import { Problem } from "../http/problems";

const SUBJECT = "home";
const PICTURE = "hits.png";

export interface Counter {
  total: number;
  /** Null until it was drawn. */
  picture: TotalPicture | null;
}

/** The counter as it was last read; null before. */
export const counter = signal<Counter | null>(null);

/** Why it could not be read. */
export const counterTrouble = signal<Problem | null>(null);

/** Read the total and, where something was counted, its picture. */
export async function readCounter(): Promise<void> {
  try {
    const { total } = await readTotal(SUBJECT);
    counter.value = { total, picture: total > 0 ? await drawn() : null };
    counterTrouble.value = null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    counterTrouble.value = error;
  }
}

async function drawn(): Promise<TotalPicture | null> {
  try {
    return await readTotalPicture(PICTURE);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
