/** What is wrong with the document on the desk, by the server's word where it has spoken. */

import { computed } from "@preact/signals";
import type { Fault } from "../http/problems";
import { verdict } from "./comparison";
import { desk } from "./desk";
import { readPath } from "./document/paths";

/** The server's faults of the text as it is now; null while it has not spoken. */
export const serverFaults = computed<readonly Fault[] | null>(() =>
  verdict.value.text === desk.value?.text ? verdict.value.faults : null,
);

/** The last faults, which fields go on showing until the server has looked at what is new. */
export const shownFaults = computed(() => serverFaults.value ?? verdict.value.faults);

/** Return what is said of a member, and of what is below it. */
export function faultsAt(path: readonly (string | number)[]): readonly string[] {
  return shownFaults.value
    .filter((fault) => {
      const at = readPath(fault.path);
      return path.every((part, index) => at[index] === part) && at.length > 0;
    })
    .map((fault) => fault.message);
}
