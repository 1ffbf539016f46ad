/** The server's faults at the fields that they are about. */

import { faults, messagesAt } from "../preview/faults";

/** Return the messages at a path, and below it: `axes.y.limits` has those of `axes.y.limits[0]`. */
export function faultsAt(path: string): readonly string[] {
  return messagesAt(faults.value, path);
}

/** Return the messages at a path alone, where what is below it has fields of its own. */
export function faultsExactlyAt(path: string): readonly string[] {
  return faults.value.get(path) ?? [];
}
