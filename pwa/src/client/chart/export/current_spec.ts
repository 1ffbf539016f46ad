/** What is exported: the spec of the chart in work, as the preview draws it. */

import { draft, table } from "../../charts/current";
import { toSpec } from "../../charts/spec";
import { Problem } from "../../http/problems";
import { words } from "./words";

/** There is no spec yet, and why. */
export class NothingToExport extends Error {}

/** Return the spec of the chart in work; throws `NothingToExport` while there is none. */
export function currentSpec(): object {
  const spec = toSpec(draft.value, table.value);
  if (!Array.isArray(spec)) return spec;
  throw new NothingToExport(table.value ? words().missing : words().nothing);
}

/** Say why an export failed. */
export function reasonOf(error: unknown): string {
  if (error instanceof NothingToExport) return error.message;
  if (!(error instanceof Problem)) return words().cannotCopy;
  if (error.kind === "offline") return words().offline;
  const told = error.faults.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return told.join(" ") || error.message || words().failed;
}
