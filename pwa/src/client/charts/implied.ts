/** What the data itself says about the axes; what the user says stands over it. */

import type { Axis, Column, Draft, Table, Unit } from "./draft";
import { RULES } from "./kinds";

type Axes = Partial<Record<"x" | "y" | "y2", Axis>>;

/** Rows that are looked at for what a column holds. */
const LOOKED_AT = 2_000;
/** ISO 8601, as the server takes it for a time: an axis of names must say that it is one. */
const TIME = /^\d{4}-\d{2}(?:-\d{2}(?:[T ].*)?)?$/;

/** Return labels, units and formats that columns bring along; `""` in the draft takes one away. */
export function impliedAxes(draft: Draft, table: Table | null): Axes {
  if (!table || draft.template || draft.pasted) return {};
  const column = (name: string | undefined) => table.columns.find((one) => one.name === name);
  const family = RULES[draft.kind].family;
  const x = column(draft.roles.x?.[0]);
  if (family === "pie") return {};
  if (family === "round")
    return withoutEmpty({ x: { ...asNames(x) }, y: unitOf(drawn(draft, column)) });
  if (draft.kind === "histogram") return withoutEmpty({ x: measured(drawn(draft, column), draft) });
  const rows = RULES[draft.kind].family === "heatmap" || draft.kind === "contour";
  if (rows || draft.kind === "hexbin") {
    return withoutEmpty({ x: position(x), y: position(column(draft.roles.y?.[0])) });
  }
  return withoutEmpty({ x: position(x), ...heights(draft, column) });
}

type Find = (name: string | undefined) => Column | undefined;

function drawn(draft: Draft, column: Find): Column[] {
  return (draft.roles.y ?? []).flatMap((name) => column(name) ?? []);
}

function heights(draft: Draft, column: Find): Axes {
  // Panels have no second axis.
  const panels = (draft.roles.facet ?? []).length > 0;
  const onRight = ({ name }: Column) => !panels && draft.series[name]?.axis === "y2";
  const all = drawn(draft, column);
  const left = all.filter((one) => !onRight(one));
  if (draft.kind === "candlestick")
    left.push(...(draft.roles.close ?? []).flatMap((name) => column(name) ?? []));
  return { y: measured(left, draft), y2: measured(all.filter(onRight), draft) };
}

/** A lone column gives its name, columns that share a unit give that. */
function measured(columns: readonly Column[], draft: Draft): Axis {
  const [only, ...others] = columns;
  const label =
    only && others.length === 0 ? (draft.series[only.name]?.name ?? only.name) : undefined;
  const named = draft.kind !== "candlestick" && label;
  return { ...(named && { label: named }), ...unitOf(columns) };
}

function unitOf(columns: readonly Column[]): Unit {
  const [first, ...others] = columns.map(({ unit }) => unit ?? {});
  const same = others.every(
    (unit) => unit.prefix === first?.prefix && unit.suffix === first?.suffix,
  );
  return first && same ? { ...first } : {};
}

function position(column: Column | undefined): Axis {
  if (column?.type !== "number") return asNames(column);
  if (areYears(column)) return { format: "d" };
  return { label: column.name, ...column.unit };
}

function asNames(column: Column | undefined): Axis {
  const written =
    column?.type === "text" &&
    column.values.slice(0, LOOKED_AT).some((value) => TIME.test(String(value)));
  return written ? { type: "category" } : {};
}

/** Years are written without a thousands mark. */
function areYears({ values }: Column): boolean {
  const given = values.filter((value) => value !== null);
  return given.every(
    (value) => Number.isInteger(value) && Number(value) >= 1500 && Number(value) <= 2200,
  );
}

function withoutEmpty(axes: Axes): Axes {
  return Object.fromEntries(
    Object.entries(axes).filter(([, axis]) => Object.keys(axis).length > 0),
  );
}
