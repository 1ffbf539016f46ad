/** Annotations: lines, bands and text in values of the axes. */

import type { Annotation, Column, Draft, Table } from "../../charts/draft";
import { type AxisType, axisType, columnOf } from "./options";

type Ends = [number | string, number | string];
type Coordinate = Annotation["x"];

/** Return an annotation of a type that is in sight: somewhere in the middle of the data. */
export function newAnnotation(
  type: Annotation["type"],
  draft: Draft,
  table: Table | null,
  text: string,
): Annotation {
  const xs = valuesAlong("x", draft, table);
  const ys = valuesAlong("y", draft, table);
  switch (type) {
    case "line":
      return { type, y: middle(numbers(ys)), text };
    case "band":
      return { type, x: inner(xs), text };
    case "text":
      return { type, x: xs.at(-1) ?? 0, y: lastNumber(ys), text };
  }
}

/** Return an annotation on the other axis; what it said of the first one makes no sense there. */
export function onAxis(
  annotation: Annotation,
  axis: "x" | "y",
  draft: Draft,
  table: Table | null,
): Annotation {
  const { x: _x, y: _y, ...rest } = annotation;
  const values = valuesAlong(axis, draft, table);
  const position = annotation.type === "band" ? inner(values) : middle(values);
  return { ...rest, [axis]: position };
}

/** Return the axis that a line or a band stands on. */
export function axisOfAnnotation(annotation: Annotation): "x" | "y" {
  return annotation.x === undefined ? "y" : "x";
}

/** Return the two ends of a band. */
export function ends(coordinate: Coordinate): Ends {
  return Array.isArray(coordinate) ? coordinate : [coordinate ?? "", coordinate ?? ""];
}

/** Read what was written for a place on an axis: a number where the axis has numbers. */
export function coordinate(text: string, type: AxisType): number | string {
  const plain = text.trim().replace("−", "-");
  const isNumber = plain !== "" && Number.isFinite(Number(plain));
  return isNumber && (type === "linear" || type === "log") ? Number(plain) : text.trim();
}

/** Return a list in which one item has moved by one place. */
export function moved<Item>(list: readonly Item[], from: number, by: 1 | -1): readonly Item[] {
  const to = from + by;
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return list;
  const others = list.filter((_, at) => at !== from);
  return [...others.slice(0, to), item, ...others.slice(to)];
}

/** Return the values that stand along an axis, without gaps, in rising order where they have one. */
export function valuesAlong(
  axis: "x" | "y",
  draft: Draft,
  table: Table | null,
): readonly (number | string)[] {
  const column = table?.columns.find(({ name }) => name === columnOf(axis, draft));
  const type = axisType(axis, draft, table);
  if (!column) return axis === "x" ? counted(table) : [];
  return present(column).map((value) => (type === "category" ? String(value) : value));
}

function present(column: Column): (number | string)[] {
  const values = column.values.filter((value) => value !== null);
  if (column.type === "text") return [...new Set(values)];
  return column.type === "date" ? [...values].sort() : values;
}

/** Without a column x counts from 0. */
function counted(table: Table | null): number[] {
  return Array.from({ length: table?.rows ?? 0 }, (_, at) => at);
}

function numbers(values: readonly (number | string)[]): number[] {
  return values.filter((value) => typeof value === "number");
}

function lastNumber(values: readonly (number | string)[]): number {
  return numbers(values).at(-1) ?? 0;
}

function middle(values: readonly (number | string)[]): number | string {
  return sorted(values)[Math.floor(values.length / 2)] ?? 0;
}

/** The middle third, its ends apart. */
function inner(values: readonly (number | string)[]): Ends {
  const rising = sorted(values);
  const last = rising.length - 1;
  const from = rising[Math.floor(last / 3)] ?? 0;
  const to = rising[Math.ceil((2 * last) / 3)] ?? 1;
  return from === to && typeof from === "number" ? [from, from + 1] : [from, to];
}

function sorted(values: readonly (number | string)[]): readonly (number | string)[] {
  const own = values.every((value) => typeof value === "number");
  return own ? [...(values as number[])].sort((one, other) => one - other) : values;
}
