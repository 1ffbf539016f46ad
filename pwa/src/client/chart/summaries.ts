/** What folded sections hold, in a few words. */

import { draft, table } from "../charts/current";
import { number } from "../language/formats";
import { words } from "./words";

export function summaries(): Record<"data" | "kind" | "columns", string | undefined> {
  const { kind, roles, template, pasted } = draft.value;
  const read = table.value;
  if (pasted) return { data: words().pastedSpec, kind: undefined, columns: undefined };
  const data = read
    ? words().size(read.rows, read.columns.length, number(read.rows, 0))
    : undefined;
  if (template) return { data, kind: template.name, columns: undefined };
  const columns = [...(roles.x ?? []), ...(roles.y ?? [])].join(", ");
  return { data, kind: words().kinds[kind], columns: columns || undefined };
}
