/** A spec with its short forms written out, by the server's rules: what is drawn, and from where. */

import { namesOf } from "../../shared/ordered_json";
import type { Cell, Kind } from "./draft";
import { KINDS } from "./draft";
import { RULES } from "./kinds";

export type Members = Readonly<Record<string, unknown>>;

/** Columns by name, in the order in which they appear. */
export type Columns = ReadonlyMap<string, readonly Cell[]>;

export interface WrittenSeries {
  kind: Kind;
  /** Members as sent, less `kind`; columns still by name. */
  members: Members;
}

export interface WrittenOut {
  columns: Columns;
  series: readonly WrittenSeries[];
}

/** Write out a spec; null where it is none that the server would take. */
export function writtenOut(spec: Members): WrittenOut | null {
  const columns = columnsOf(spec.data);
  const kind = kindOf(spec.kind) ?? "line";
  if (!columns) return null;
  const given = Array.isArray(spec.series) ? spec.series : shorthand(spec, kind, columns);
  if (!given.every(isMembers) || given.length === 0) return null;
  const series = given.map((members) => whole(members, kind, columns));
  return { columns, series };
}

/**
 * Return a spec that names its series where it relied on the order of columns, and that order is
 * lost: in JavaScript, names that look like indices come first.
 */
export function independentOfOrder(spec: Members): Members {
  const { kind, x, y, z, bins, series, data, ...rest } = spec;
  if (series !== undefined || y !== undefined || !isShuffled(data)) return spec;
  const written = writtenOut(spec);
  if (!written) return spec;
  const named = written.series.map((one) => one.members);
  return { ...(kind !== undefined && { kind }), data, series: named, ...rest };
}

function isShuffled(data: unknown): boolean {
  const [first] = Array.isArray(data) ? data : [data];
  if (!isMembers(first)) return false;
  return namesOf(first).join("\n") !== Object.keys(first).join("\n");
}

/** Return what two specs must share to draw the same: every value in its place. */
export function essence(spec: Members): unknown {
  const written = writtenOut(spec);
  if (!written) return null;
  const { columns, series } = written;
  const nameless = series.length === 1 && !isNamedGroup(series[0]);
  const facets = isMembers(spec.facets) ? spec.facets : undefined;
  return {
    series: series.map((one) => {
      const { name, ...members } = one.members;
      const shown = nameless ? null : (name ?? columnShown(one.members) ?? null);
      return sorted({ kind: one.kind, name: shown, ...resolved(members, one.kind, columns) });
    }),
    facets: facets && sorted({ ...facets, by: valuesOf(facets.by, columns) }),
  };
}

/** A box or violin without groups is called by the name of its series. */
function isNamedGroup(series: WrittenSeries | undefined): boolean {
  const grouping = series?.kind === "box" || series?.kind === "violin";
  return grouping && series.members.x === undefined;
}

function columnsOf(data: unknown): Columns | null {
  if (data === undefined) return new Map();
  if (Array.isArray(data)) {
    if (!data.every(isMembers)) return null;
    const names = [...new Set(data.flatMap((record) => namesOf(record)))];
    return new Map(names.map((name) => [name, data.map((record) => cell(record[name]))]));
  }
  if (!isMembers(data)) return null;
  const entries = namesOf(data).map((name): [string, unknown] => [name, data[name]]);
  if (!entries.every(([, values]) => Array.isArray(values))) return null;
  return new Map(entries.map(([name, values]) => [name, (values as unknown[]).map(cell)]));
}

function cell(value: unknown): Cell {
  return typeof value === "number" || typeof value === "string" ? value : null;
}

/** `service/shorthand` in the server says the rules; first match counts. */
function shorthand(spec: Members, kind: Kind, columns: Columns): Members[] {
  const { x, y, z, bins } = spec;
  const head = present({ x, y, z, bins });
  const tabled = columns.size > 0;
  if (tabled && Array.isArray(y) && y.every((name) => columns.has(String(name)))) {
    return y.map((name) => ({ ...head, y: name }));
  }
  if (y !== undefined || z !== undefined) return [head];
  if (x !== undefined && (!tabled || kind === "histogram")) return [head];
  if (!tabled) return [];
  const by = isMembers(spec.facets) ? spec.facets.by : undefined;
  const open = new Map([...columns].filter(([name]) => name !== by));
  return kind === "heatmap" || kind === "contour"
    ? matrix(kind, open)
    : seriesOver(head, kind, open);
}

function matrix(kind: Kind, columns: Columns): Members[] {
  const [first, ...rest] = [...columns];
  const cells = rest.filter(([, values]) => isNumeric(values));
  const names = cells.map(([name]) => name);
  const x = kind === "contour" ? names.map(Number) : names;
  const z = first?.[1].map((_, row) => cells.map(([, values]) => values[row] ?? null));
  return [{ x, y: first?.[1], z }];
}

function seriesOver(head: Members, kind: Kind, columns: Columns): Members[] {
  const names = [...columns.keys()];
  const alone = names.length === 1 || ["histogram", "box", "violin"].includes(kind);
  const x = head.x ?? (alone ? undefined : names[0]);
  if (kind === "candlestick") return [{ ...head, x }];
  const member = kind === "histogram" ? "x" : "y";
  const drawn = [...columns].filter(([name, values]) => name !== x && isNumeric(values));
  return drawn.map(([name]) => ({ ...head, ...present({ x }), [member]: name }));
}

function whole(sent: Members, fallback: Kind, columns: Columns): WrittenSeries {
  const { kind: own, ...members } = sent;
  const kind = kindOf(own) ?? fallback;
  if (kind !== "candlestick") return { kind, members };
  const names = new Map([...columns.keys()].reverse().map((name) => [name.toLowerCase(), name]));
  const prices = ["open", "high", "low", "close"].map((name) => [name, names.get(name)]);
  return { kind, members: { ...present(Object.fromEntries(prices)), ...members } };
}

function columnShown({ x, y, open }: Members): unknown {
  if (typeof y === "string") return y;
  return open === undefined && typeof x === "string" ? x : undefined;
}

/** Members that name columns or hold values. */
const DATA = ["x", "y", "z", "size", "error", "x_error", "open", "high", "low", "close"];

function resolved(members: Members, kind: Kind, columns: Columns): Members {
  const values = Object.entries(members).map(([key, value]) => [
    key === "y" && kind === "histogram" ? "x" : key,
    DATA.includes(key) ? valuesOf(value, columns) : value,
  ]);
  return Object.fromEntries(values);
}

/** Two names of columns are pairs of values. */
function valuesOf(given: unknown, columns: Columns): unknown {
  if (typeof given === "string") return columns.get(given) ?? given;
  if (!Array.isArray(given) || given.length !== 2) return given;
  const [below, above] = given.map((name) => (typeof name === "string" ? columns.get(name) : null));
  if (!below || !above) return given;
  return below.map((value, at) => (value === null ? null : [value, above[at]]));
}

function isNumeric(values: readonly Cell[]): boolean {
  const given = values.filter((value) => value !== null);
  return given.length > 0 && given.every((value) => typeof value === "number");
}

function kindOf(name: unknown): Kind | undefined {
  return KINDS.find((kind) => kind === name && RULES[kind]);
}

/** Tell whether a value is a JSON object. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function present(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function sorted(members: Members): Members {
  return Object.fromEntries(Object.entries(present(members)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
