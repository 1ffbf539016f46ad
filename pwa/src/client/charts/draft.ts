/** A chart in work: what was pasted, how it is read, what is to be drawn. A pure value. */

import type { Source } from "../../shared/table";

export type {
  Cell,
  Column,
  ColumnType,
  DateOrder,
  DecimalMark,
  Misfit,
  Separator,
  Source,
  Table,
  Unit,
} from "../../shared/table";

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

/** What one column that is drawn has of its own, named as in the spec. */
export interface SeriesOptions {
  kind?: Kind;
  name?: string;
  axis?: "y2";
  color?: string;
  marker?: string;
  linestyle?: string;
  linewidth?: number;
  alpha?: number;
  where?: "pre" | "post" | "mid";
  levels?: number | readonly number[];
  filled?: boolean;
  gridsize?: number;
  norm?: "linear" | "log";
  totals?: readonly (number | string)[];
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
  bins?: number | readonly number[];
  facets?: { columns?: number; share?: "both" | "x" | "y" | "none" };
  size?: { width?: number; height?: number; dpi?: number };
  style?: string;
}

/** A chart in work. */
export interface Draft {
  source: Source;
  kind: Kind;
  /** Whether the user chose the kind; until then the first data suggests it. */
  chosen?: true;
  /** Role → names of columns, in order; a name that the data lacks is kept, and named as missing. */
  roles: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** Name of a drawn column → what it has of its own. */
  series: Readonly<Record<string, SeriesOptions>>;
  refinement: Refinement;
  /** Draws instead of kind and columns. */
  template: {
    name: string;
    params: Readonly<Record<string, unknown>>;
    /** Parameter → the column whose values it has, as they change; `*` is the whole table. */
    columns?: Readonly<Record<string, string>>;
  } | null;
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
