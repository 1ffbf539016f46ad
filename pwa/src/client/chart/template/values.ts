/** Values of parameters: from text, from columns of the table, and back to text. */

import type { Column, Table } from "../../charts/draft";
import type { Field } from "./schema";

export type Params = Readonly<Record<string, unknown>>;

/** Return parameters with one of them changed; `undefined` leaves it to its default. */
export function withParam(params: Params, name: string, value: unknown): Params {
  const { [name]: _, ...others } = params;
  return value === undefined ? others : { ...others, [name]: value };
}

/** Write a list as lines: one for each item, an empty one for a gap. */
export function linesOf(list: unknown): string {
  if (!Array.isArray(list)) return "";
  const lines = list.map((item) => (item === null ? "" : String(item)));
  // without an end of its own the last line would not be there
  return lines.join("\n") + (lines.at(-1) === "" ? "\n" : "");
}

/** Read lines as a list; what is no number stays a text, so that the server says what is wrong. */
export function listOf(text: string, field: Pick<Field, "item" | "nullable">): unknown[] {
  const lines = text.replace(/\n$/, "").split("\n");
  if (lines.length === 1 && lines[0]?.trim() === "") return [];
  return lines.map((line) => itemOf(line.trim(), field));
}

function itemOf(text: string, { item, nullable }: Pick<Field, "item" | "nullable">): unknown {
  if (text === "" && nullable) return null;
  if (item === "text" || text === "") return text;
  const number = Number(text.replace("−", "-"));
  return Number.isFinite(number) ? number : text;
}

/** Return whether a column can be a list of this kind. */
export function fits(
  column: Column,
  { item, nullable }: Pick<Field, "item" | "nullable">,
): boolean {
  const isWhole = nullable || !column.values.includes(null);
  if (item === "text") return isWhole;
  if (column.type !== "number" || !isWhole) return false;
  return item !== "integer" || column.values.every((value) => Number.isInteger(value ?? 0));
}

/** Return a column as a list of this kind. */
export function columnAsList(column: Column, { item }: Pick<Field, "item">): unknown[] {
  if (item !== "text") return [...column.values];
  return column.values.map((value) => (typeof value === "number" ? String(value) : value));
}

/** Return the whole table as columns by name. */
export function tableAsColumns(table: Table): Record<string, unknown[]> {
  return Object.fromEntries(table.columns.map(({ name, values }) => [name, [...values]]));
}

/** A parameter that follows the table: the name of a column, or all of them. */
export type Taken = string | typeof WHOLE_TABLE;
export const WHOLE_TABLE = "*";

/** Return which columns the required parameters would best be taken from; each once. */
export function suggestedColumns(
  fields: readonly Field[],
  table: Table | null,
): Record<string, Taken> {
  const free = [...(table?.columns ?? [])];
  const taken: Record<string, Taken> = {};
  for (const field of table ? fields : []) {
    if (!field.required) continue;
    if (field.shape === "table") taken[field.name] = WHOLE_TABLE;
    if (field.shape !== "list") continue;
    const found = free.findIndex((column) => suits(column, field));
    const [column] = found < 0 ? [] : free.splice(found, 1);
    if (column) taken[field.name] = column.name;
  }
  return taken;
}

/** A list of texts rather wants dates and names than numbers. */
function suits(column: Column, field: Field): boolean {
  return fits(column, field) && (field.item === "text") === (column.type !== "number");
}

/** Return the parameters with those that follow the table filled in. */
export function filled(
  params: Params,
  taken: Readonly<Record<string, Taken>>,
  fields: readonly Field[],
  table: Table | null,
): Params {
  const entries = Object.entries(taken).flatMap(([name, from]) => {
    const value = takenValue(
      fields.find((field) => field.name === name),
      from,
      table,
    );
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...params, ...Object.fromEntries(entries) };
}

function takenValue(field: Field | undefined, from: Taken, table: Table | null): unknown {
  if (!field || !table) return undefined;
  if (field.shape === "table") return tableAsColumns(table);
  const column = table.columns.find(({ name }) => name === from);
  return column && columnAsList(column, field);
}
