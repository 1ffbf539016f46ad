/** Tables: text as it was given, and what it was read as. The page and the worker agree on this. */

export type ColumnType = "number" | "date" | "text";
export type Separator = "," | ";" | "\t" | "|";
export type DecimalMark = "." | ",";
/** The order of day, month and year in dates that are not ISO 8601. */
export type DateOrder = "ymd" | "dmy" | "mdy";
export type Cell = number | string | null;

/** The text that the user gave, and how it is read where that was chosen; null detects. */
export interface Source {
  text: string;
  separator: Separator | null;
  decimal: DecimalMark | null;
  dates: DateOrder | null;
  /** Whether the first line names the columns. */
  header: boolean | null;
  /** Column name → type, where the user corrected it. */
  types: Readonly<Record<string, ColumnType>>;
}

/** A cell that does not fit its column's type. */
export interface Misfit {
  /** Which row of values it stands in, from 1. */
  row: number;
  text: string;
}

/** What stands before or after every number of a column, and is no part of it: `€`, ` %`. */
export interface Unit {
  prefix?: string;
  suffix?: string;
}

/** One column, read. Dates are ISO 8601 texts; null is a gap. */
export interface Column {
  name: string;
  type: ColumnType;
  /** What was found before a correction. */
  detected: ColumnType;
  values: readonly Cell[];
  /** Cells that do not fit the type, and are gaps therefore. */
  misfits: number;
  /** The first few of them. */
  places?: readonly Misfit[];
  unit?: Unit;
}

/** What `Source` was read as. */
export interface Table {
  columns: readonly Column[];
  rows: number;
  separator: Separator;
  decimal: DecimalMark;
  dates: DateOrder;
  header: boolean;
  /** Whether the text is JSON: separator, marks and header mean nothing then. */
  json?: boolean;
}

/** Why a text could not be read. */
export interface ReadingFault {
  /** `json`: no valid JSON; `shape`: JSON that is no table; `empty`: no values. */
  kind: "json" | "shape" | "empty";
  detail: string;
}

/** What the page asks of the worker. */
export interface Reading {
  id: number;
  source: Source;
}

/** What the worker answers. */
export type Read = { id: number; table: Table } | { id: number; fault: ReadingFault };
