/** Which kinds suit a table, which one first, and which column plays which part in each. */

import type { Column, Draft, Kind, Role, Table } from "./draft";
import { KINDS } from "./draft";

export type Roles = Draft["roles"];

/** More slices, corners or steps than these are hard to read. */
const FEW = 12;
const SOME = 30;
/** More lines than these are a tangle; the others can be added. */
const LINES = 8;
/** From as many columns and rows on cells show more than bars. */
const WIDE = 6;
/** From here on points hide each other. */
const CROWD = 2_000;

const PRICES: Record<"open" | "high" | "low" | "close", RegExp> = {
  open: /^(?:open|开盘价?|eröffnung)$/i,
  high: /^(?:high|最高价?|hoch)$/i,
  low: /^(?:low|最低价?|tief)$/i,
  close: /^(?:close|收盘价?|schluss)$/i,
};
const ERROR = /err|std|s\.?d\.?$|stddev|±|\bci\b|uncert|误差|标准差|fehler/i;

/** Return the kinds that can draw a table, the most suitable first. */
export function fittingKinds(table: Table): Kind[] {
  const first = suggestedKind(table);
  const others = KINDS.filter((kind) => kind !== first && suits(kind, table));
  return [first, ...others];
}

/** Return the kind that most people would draw a table as. */
export function suggestedKind(table: Table): Kind {
  const { dates, numbers, texts } = parted(table);
  if (prices(table)) return "candlestick";
  if (numbers.length === 0) return "line";
  if (dates.length > 0) return "line";
  if (texts.length > 0) return suggestedOverTexts(table, texts, numbers.length);
  if (numbers.length === 1) return table.rows >= SOME ? "histogram" : "line";
  if (isRising(numbers[0])) return "line";
  return table.rows > CROWD ? "hexbin" : "scatter";
}

function suggestedOverTexts(table: Table, texts: readonly Column[], numbers: number): Kind {
  const [first, second] = texts;
  if (!first) return "bar";
  if (isUnique(first)) return numbers >= WIDE && table.rows >= WIDE ? "heatmap" : "bar";
  if (second && numbers === 1 && pairsAreUnique(first, second)) return "heatmap";
  return table.rows / distinct(first).size >= 4 ? "box" : "scatter";
}

/** Return the columns that suit each part of a kind; null where the table lacks what it needs. */
export function defaultRoles(kind: Kind, table: Table): Roles | null {
  switch (kind) {
    case "candlestick":
      return prices(table);
    case "heatmap":
    case "contour":
      return gridRoles(kind, table);
    case "hexbin":
    case "scatter":
      return pointRoles(kind, table);
    case "histogram":
      return histogramRoles(table);
    case "box":
    case "violin":
      return groupRoles(table);
    default:
      return lineRoles(kind, table);
  }
}

function suits(kind: Kind, table: Table): boolean {
  const roles = defaultRoles(kind, table);
  if (!roles) return false;
  const x = columnOf(table, roles.x?.[0]);
  const y = columnOf(table, roles.y?.[0]);
  switch (kind) {
    case "pie":
      return x?.type === "text" && table.rows <= FEW && isUnique(x) && isPositive(y);
    case "radar":
      return x?.type === "text" && isUnique(x) && table.rows >= 3 && table.rows <= FEW;
    case "polar":
      return x?.type === "number";
    case "waterfall":
      return x?.type === "text" && isUnique(x) && table.rows <= SOME;
    case "bar":
      return table.rows <= 200 && isOrdered(x, roles);
    case "line":
    case "area":
    case "step":
      return isOrdered(x, roles);
    case "histogram":
      return table.rows >= FEW;
    case "hexbin":
      return table.rows >= 200;
    case "errorbar":
      return table.columns.some(({ name }) => ERROR.test(name));
    case "box":
    case "violin":
      return table.rows >= FEW;
    default:
      return true;
  }
}

function lineRoles(kind: Kind, table: Table): Roles | null {
  const { dates, numbers, texts } = parted(table);
  const leading = numbers.length > 1 && isRising(numbers[0]) ? numbers[0] : undefined;
  const angle = kind === "polar" && numbers[1] && isAngle(numbers[0]) ? numbers[0] : undefined;
  const x = kind === "polar" ? (angle ?? texts[0]) : (dates[0] ?? texts[0] ?? leading);
  const rest = numbers.filter((column) => column !== x);
  const errors = rest.filter(({ name }) => ERROR.test(name));
  const y = rest.length > errors.length ? rest.filter((column) => !errors.includes(column)) : rest;
  if (y.length === 0) return null;
  return {
    ...rolesOf({ x: [x], y: y.slice(0, LINES) }),
    ...(kind === "errorbar" && errorsFor(y, errors)),
    ...(facetFor(table, x, texts) ?? {}),
  };
}

function errorsFor(y: readonly Column[], errors: readonly Column[]): Roles {
  const [first, second] = y;
  if (errors.length > 0) return rolesOf({ y: y.slice(0, errors.length), error: errors });
  return second && isPositive(second) ? rolesOf({ y: [first], error: [second] }) : {};
}

/** A column whose values repeat beside times that repeat: one panel for each of its values. */
function facetFor(table: Table, x: Column | undefined, texts: readonly Column[]): Roles | null {
  const by = texts.find((column) => column !== x);
  if (!x || !by || isUnique(x) || !pairsAreUnique(x, by)) return null;
  const panels = distinct(by).size;
  return panels > 1 && panels <= FEW && panels < table.rows ? { facet: [by.name] } : null;
}

function pointRoles(kind: Kind, table: Table): Roles | null {
  const { dates, numbers } = parted(table);
  const [first, second] = numbers;
  if (second) return rolesOf({ x: [first], y: [second] });
  if (first && dates[0]) return rolesOf({ x: [dates[0]], y: [first] });
  return kind === "scatter" ? lineRoles(kind, table) : null;
}

function histogramRoles(table: Table): Roles | null {
  const { numbers } = parted(table);
  const y = numbers.find((column) => !isRising(column)) ?? numbers[0];
  return y ? rolesOf({ y: [y] }) : null;
}

function groupRoles(table: Table): Roles | null {
  const { texts, numbers } = parted(table);
  const x = texts.find((column) => !isUnique(column));
  if (numbers.length === 0) return null;
  return x ? rolesOf({ x: [x], y: numbers.slice(0, 1) }) : rolesOf({ y: numbers });
}

function gridRoles(kind: Kind, table: Table): Roles | null {
  const { dates, texts, numbers } = parted(table);
  const [first, second] = kind === "contour" ? numbers : [...dates, ...texts];
  const z = numbers.find((column) => column !== first && column !== second);
  if (first && second && z && pairsAreUnique(first, second) && isWhole(first, second, table)) {
    return rolesOf({ x: [first], y: [second], z: [z] });
  }
  const names = kind === "contour" ? numbers[0] : (texts[0] ?? dates[0]);
  const cells = numbers.filter((column) => column !== names);
  const named =
    kind === "heatmap" || cells.every(({ name }) => name !== "" && !Number.isNaN(Number(name)));
  return names && cells.length >= 2 && named ? rolesOf({ y: [names], z: cells }) : null;
}

function prices(table: Table): Roles | null {
  const numbers = table.columns.filter(({ type }) => type === "number");
  const found = Object.entries(PRICES).map(
    ([role, form]) => [role, numbers.find(({ name }) => form.test(name))] as const,
  );
  if (found.some(([, column]) => !column)) return null;
  const { dates, texts } = parted(table);
  const each = Object.fromEntries(found.map(([role, column]) => [role, [column]]));
  return rolesOf({ x: [dates[0] ?? texts[0]], ...each });
}

function rolesOf(columns: Partial<Record<Role, readonly (Column | undefined)[]>>): Roles {
  const named = Object.entries(columns).map(([role, list]) => [
    role,
    list.flatMap((column) => (column ? [column.name] : [])),
  ]);
  return Object.fromEntries(named.filter(([, names]) => names && names.length > 0));
}

function parted({ columns }: Table) {
  const filled = columns.filter(({ values }) => values.some((value) => value !== null));
  return {
    dates: filled.filter(({ type }) => type === "date"),
    numbers: filled.filter(({ type }) => type === "number"),
    texts: filled.filter(({ type }) => type === "text"),
  };
}

/** Rows that are looked at where all of them would hold up the page. */
const LOOKED_AT = 2_000;

function head(column: Column): Column["values"] {
  return column.values.length > LOOKED_AT ? column.values.slice(0, LOOKED_AT) : column.values;
}

function columnOf(table: Table, name: string | undefined): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

function distinct(column: Column): Set<unknown> {
  return new Set(column.values);
}

function isUnique(column: Column): boolean {
  const values = head(column);
  return new Set(values).size === values.length;
}

function pairsAreUnique(a: Column, b: Column): boolean {
  const values = head(a);
  return new Set(values.map((value, at) => `${value}\u0000${b.values[at]}`)).size === values.length;
}

function isWhole(a: Column, b: Column, table: Table): boolean {
  return distinct(a).size * distinct(b).size === table.rows && distinct(a).size > 1;
}

/** Tell whether numbers rise from row to row: years, hours, distances. */
function isRising(column: Column | undefined): boolean {
  const values = column ? head(column) : [];
  return (
    values.length > 1 &&
    values.every((value, at) => at === 0 || Number(value) > Number(values[at - 1]))
  );
}

function isPositive(column: Column | undefined): boolean {
  return column?.values.every((value) => Number(value) >= 0) ?? false;
}

/** Tell whether numbers go around a centre: degrees that rise through half a circle at least. */
function isAngle(column: Column | undefined): boolean {
  if (!column || !isRising(column)) return false;
  const [first, last] = [Number(column.values[0]), Number(column.values.at(-1))];
  return first >= -180 && last <= 360 && last - first >= 180;
}

/** Tell whether names stand once along an axis, in each panel; times and numbers may come again. */
function isOrdered(x: Column | undefined, roles: Roles): boolean {
  return x?.type !== "text" || isUnique(x) || (roles.facet?.length ?? 0) > 0;
}
