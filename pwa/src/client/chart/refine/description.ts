/** A text that says what a chart shows, made of its data: a suggestion for those who cannot see it. */

import type { Column, Draft, Kind, Table } from "../../charts/draft";
import { seriesNames } from "../../charts/spec";
import { columnOf } from "./options";

/** Sentences of one language, in the order in which they are said. */
export interface Sentences {
  kinds: Record<Kind, string>;
  /** What stands between two sentences. */
  between: string;
  list(names: readonly string[]): string;
  headline(kind: string, drawn: string, along: string | null): string;
  /** From where to where x reaches. */
  range(from: string, to: string): string;
  /** How a series goes along times or numbers. */
  course(name: string, first: string, last: string, least: string, greatest: string): string;
  /** Where a series is highest and lowest among categories. */
  extremes(name: string, top: string, topAt: string, low: string, lowAt: string): string;
  /** How values lie that have no order. */
  spread(name: string, least: string, middle: string, greatest: string): string;
  more(count: number): string;
}

/** Series that are described one by one. */
const MOST = 4;
const WITHOUT_ORDER: readonly Kind[] = ["histogram", "box", "violin", "hexbin", "scatter"];

/** Describe a chart; empty where there is nothing to tell yet. */
export function describe(
  draft: Draft,
  table: Table | null,
  say: Sentences,
  write: (value: number) => string,
): string {
  const drawn = drawnColumns(draft, table);
  if (drawn.length === 0 || draft.template) return "";
  const along = columnNamed(columnOf("x", draft), table);
  const names = drawn.map(({ name }) => draft.series[name]?.name ?? name);
  const shownAlong = along && !drawn.includes(along) ? along.name : null;
  const told = drawn
    .slice(0, MOST)
    .map((column, at) => sentence(draft.kind, column, along, names[at] ?? "", say, write));
  return [
    say.headline(say.kinds[draft.kind], say.list(names), shownAlong),
    shownAlong && along ? reach(along, say, write) : "",
    ...told,
    drawn.length > MOST ? say.more(drawn.length - MOST) : "",
  ]
    .filter(Boolean)
    .join(say.between);
}

function drawnColumns(draft: Draft, table: Table | null): Column[] {
  return seriesNames(draft)
    .map((name) => columnNamed(name, table))
    .filter((column) => column !== undefined)
    .filter((column) => column.type === "number");
}

function columnNamed(name: string | undefined, table: Table | null): Column | undefined {
  return table?.columns.find((column) => column.name === name);
}

function reach(along: Column, say: Sentences, write: (value: number) => string): string {
  const values = along.values.filter((value) => value !== null);
  if (along.type === "text" || values.length < 2) return "";
  const rising = [...values].sort((one, other) => (one < other ? -1 : Number(one > other)));
  return say.range(written(rising[0], write), written(rising.at(-1), write));
}

function sentence(
  kind: Kind,
  column: Column,
  along: Column | undefined,
  name: string,
  say: Sentences,
  write: (value: number) => string,
): string {
  const points = pointsOf(column);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "";
  const rising = [...points].sort((one, other) => one.value - other.value);
  const [least, greatest] = [rising[0] ?? first, rising.at(-1) ?? last];
  const middle = rising[Math.floor(rising.length / 2)] ?? first;
  const at = (row: number) => written(along?.values[row] ?? row + 1, write);
  if (WITHOUT_ORDER.includes(kind) || !along) {
    return say.spread(name, write(least.value), write(middle.value), write(greatest.value));
  }
  if (along.type === "text") {
    const [top, low] = [write(greatest.value), write(least.value)];
    return say.extremes(name, top, at(greatest.row), low, at(least.row));
  }
  return say.course(
    name,
    write(first.value),
    write(last.value),
    write(least.value),
    write(greatest.value),
  );
}

function pointsOf(column: Column): { row: number; value: number }[] {
  return column.values.flatMap((value, row) => (typeof value === "number" ? [{ row, value }] : []));
}

/** Midnights are days. */
function written(value: number | string | undefined, write: (value: number) => string): string {
  if (typeof value === "number") return write(value);
  return (value ?? "").replace(/T00:00(:00(\.0+)?)?Z?$/, "");
}
