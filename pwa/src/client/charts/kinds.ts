/** What each kind takes: the server's own table, and the parts that columns play in it. */

import type { ColumnType, Kind, Role } from "./draft";
import rules from "./kinds.json";

/** One kind, as the server declares it. */
export interface KindRule {
  /** Members of a series that it takes, beside `kind` and `name`. */
  takes: readonly string[];
  /** Members that must be there; of several in one list exactly one. */
  needs: readonly (readonly string[])[];
  /** Kinds of one family share a picture. */
  family: string;
  /** Whether it must be the only series of its picture. */
  alone: boolean;
  stacks: boolean;
  lies: boolean;
}

export const RULES: Readonly<Record<Kind, KindRule>> = rules;

/** A part that columns can play in one kind. */
export interface Slot {
  role: Role;
  many: boolean;
  needed: boolean;
  types: readonly ColumnType[];
}

const ANY = ["number", "date", "text"] as const;
const MEASURED = ["number", "date"] as const;
const NUMBER = ["number"] as const;

const X: Slot = { role: "x", many: false, needed: false, types: ANY };
const Y: Slot = { role: "y", many: true, needed: true, types: NUMBER };
const Z: Slot = { role: "z", many: false, needed: false, types: NUMBER };
const FACET: Slot = { role: "facet", many: false, needed: false, types: ANY };
const ERROR: Slot = { role: "error", many: true, needed: false, types: NUMBER };
const PRICES: readonly Slot[] = (["open", "high", "low", "close"] as const).map((role) => ({
  role,
  many: false,
  needed: true,
  types: NUMBER,
}));

const one = (slot: Slot): Slot => ({ ...slot, many: false });
const needed = (slot: Slot): Slot => ({ ...slot, needed: true });
const of = (slot: Slot, types: readonly ColumnType[]): Slot => ({ ...slot, types });

const SLOTS: Readonly<Record<Kind, readonly Slot[]>> = {
  line: [X, Y, FACET],
  step: [X, Y, FACET],
  area: [X, Y, FACET],
  bar: [X, Y, ERROR, FACET],
  scatter: [X, Y, Z, { ...Z, role: "size" }, FACET],
  errorbar: [X, Y, needed(ERROR), { ...ERROR, role: "x_error" }, FACET],
  candlestick: [X, ...PRICES, { ...Y, needed: false }],
  histogram: [Y, FACET],
  box: [X, Y, FACET],
  violin: [X, Y, FACET],
  heatmap: [X, one(of(needed(Y), ANY)), { ...needed(Z), many: true }],
  contour: [of(X, MEASURED), one(of(needed(Y), MEASURED)), { ...needed(Z), many: true }],
  hexbin: [of(needed(X), MEASURED), one(of(Y, MEASURED))],
  waterfall: [needed(X), one(Y)],
  pie: [X, one(Y)],
  polar: [needed(X), Y],
  radar: [needed(X), Y],
};

/** Return the parts of a kind, in the order in which a form shows them. */
export function slotsOf(kind: Kind): readonly Slot[] {
  return SLOTS[kind];
}

/** Tell whether a kind draws a matrix: one column names its rows, others are its columns. */
export function isGrid(kind: Kind): boolean {
  return kind === "heatmap" || kind === "contour";
}

/** The kinds that one series of a picture may have of its own. */
export const MIXABLE: readonly Kind[] = ["line", "step", "scatter", "bar", "area"];

/** Tell whether the series of a picture of this kind may have kinds of their own. */
export function mixes(kind: Kind): boolean {
  return RULES[kind].family === "plane" && kind !== "histogram";
}
