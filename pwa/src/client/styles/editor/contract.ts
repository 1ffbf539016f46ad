/** The contract of a style, as the server publishes it. */

import { readStyleSchema } from "../../http/styles";
import type { Schema } from "./schema";

let loaded: Schema | null = null;

/** Fetch the schema once; without it the server alone finds faults. */
export async function loadContract(): Promise<void> {
  try {
    loaded ??= (await readStyleSchema()) as Schema;
  } catch (error) {
    console.warn("no schema of styles", error);
  }
}

/** Return the schema, null while it is not there. */
export function contract(): Schema | null {
  return loaded;
}
