/** A chart in work: what was pasted, how it is read, what is to be drawn. A pure value. */

export const KINDS = [
  "line",
  "bar",
  "area",
  "scatter",
  "step",
  "errorbar",
  "histogram",
  "box",
  "violin",
  "heatmap",
  "contour",
  "hexbin",
  "pie",
  "waterfall",
  "candlestick",
  "polar",
  "radar",
] as const;
export type Kind = (typeof KINDS)[number];

export type ColumnType = "number" | "date" | "text";
export type Separator = "," | ";" | "\t" | "|";
export type DecimalMark = "." | ",";
/** The order of day, month and year in dates that are not ISO 8601. */
export type DateOrder = "ymd" | "dmy" | "mdy";

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

/** One column, read. Dates are ISO 8601 texts; null is a gap. */
export interface Column {
  name: string;
  type: ColumnType;
  /** What was found before a correction. */
  detected: ColumnType;
  values: readonly (number | string | null)[];
  /** Cells that do not fit the type, and are gaps therefore. */
  misfits: number;
}

/** What `Source` was read as. */
export interface Table {
  columns: readonly Column[];
  rows: number;
  separator: Separator;
  decimal: DecimalMark;
  dates: DateOrder;
  header: boolean;
}

/** The parts that a column can play; `docs/spec.md` says which kind takes which. */
export const ROLES = [
  "x",
  "y",
  "z",
  "error",
  "x_error",
  "size",
  "open",
  "high",
  "low",
  "close",
  "facet",
] as const;
export type Role = (typeof ROLES)[number];

/** What one column that is drawn has of its own. */
export interface SeriesOptions {
  kind?: Kind;
  name?: string;
  axis?: "y2";
  color?: string;
}

/** One axis of a spec. */
export interface Axis {
  label?: string;
  type?: "linear" | "log" | "time" | "category";
  limits?: [number | string | null, number | string | null];
  format?: string;
  prefix?: string;
  suffix?: string;
  grid?: boolean;
  reverse?: boolean;
}

export interface Annotation {
  type: "line" | "band" | "text";
  x?: number | string | [number | string, number | string];
  y?: number | string | [number | string, number | string];
  text?: string;
  color?: string;
}

/** Everything of a spec but data, kinds and columns, named as in the spec. */
export interface Refinement {
  title?: string;
  subtitle?: string;
  alt?: string;
  axes?: { x?: Axis; y?: Axis; y2?: Axis };
  legend?: boolean | { position?: "best" | "right" | "bottom" | "top" | "none"; title?: string };
  annotations?: readonly Annotation[];
  stack?: boolean;
  orientation?: "horizontal";
  hole?: number;
  bins?: number;
  size?: { width?: number; height?: number; dpi?: number };
  style?: string;
}

/** A chart in work. */
export interface Draft {
  source: Source;
  kind: Kind;
  /** Role → names of columns, in order; a name that the data lacks is kept, and named as missing. */
  roles: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** Name of a drawn column → what it has of its own. */
  series: Readonly<Record<string, SeriesOptions>>;
  refinement: Refinement;
  /** Draws instead of kind and columns. */
  template: { name: string; params: Readonly<Record<string, unknown>> } | null;
  /**
   * A spec that was pasted and says more than the form can: drawn as it is, less what `refinement`
   * says, which goes over it.
   */
  pasted: Readonly<Record<string, unknown>> | null;
}

/** Nothing yet. */
export const EMPTY_DRAFT: Draft = {
  source: { text: "", separator: null, decimal: null, dates: null, header: null, types: {} },
  kind: "line",
  roles: {},
  series: {},
  refinement: {},
  template: null,
  pasted: null,
};
