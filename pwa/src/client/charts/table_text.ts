/** Columns as text, for people to read and to edit. */

import type { Cell } from "./draft";

/** Write columns as CSV; numbers in full, gaps empty. */
export function textOf(columns: readonly (readonly [string, readonly Cell[]])[]): string {
  const rows = columns[0]?.[1].length ?? 0;
  const lines = Array.from({ length: rows }, (_, row) =>
    columns.map(([, values]) => quoted(values[row] ?? null)).join(","),
  );
  return [columns.map(([name]) => quoted(name)).join(","), ...lines].join("\n");
}

function quoted(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
