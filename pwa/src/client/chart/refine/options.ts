/** Which options go with which kinds: what the server would refuse is not offered. */

import { type Draft, KINDS, type Kind, type Table } from "../../charts/draft";
import { impliedAxes } from "../../charts/implied";
import { RULES } from "../../charts/kinds";
import { kindOf, seriesNames } from "../../charts/spec";
import { type AxisName, axisOf } from "./refinement";

export type AxisType = "linear" | "log" | "time" | "category";

/** Kinds whose x is a category, whatever the column holds. */
const CATEGORICAL: readonly Kind[] = ["box", "violin", "waterfall", "radar", "heatmap"];

/** What can be refined in a draft. */
export interface Options {
  axes: readonly AxisName[];
  /** Axes around a centre have no labels. */
  labels: boolean;
  annotations: boolean;
  legend: boolean;
  stack: boolean;
  horizontal: boolean;
  hole: boolean;
  bins: boolean;
}

/** Return what can be refined in a draft. */
export function optionsOf(draft: Draft): Options {
  const kinds = kindsOf(draft);
  const all = (test: (kind: Kind) => boolean) => kinds.every(test);
  const some = (test: (kind: Kind) => boolean) => kinds.some(test);
  return {
    axes: all(isPie) ? [] : ["x", "y", ...(hasRightAxis(draft) ? (["y2"] as const) : [])],
    labels: !some(isRound),
    annotations: !some((kind) => isPie(kind) || isRound(kind)),
    legend: !all((kind) => RULES[kind].alone),
    stack: some((kind) => RULES[kind].stacks),
    horizontal: all((kind) => RULES[kind].lies),
    hole: all(isPie),
    bins: some((kind) => kind === "histogram"),
  };
}

/** Return the types that an axis can be given; none where it has but one. */
export function typesOf(name: AxisName, draft: Draft): readonly AxisType[] {
  const { kind } = draft;
  if (isRound(kind)) return name === "x" && kind === "polar" ? ["linear", "category"] : [];
  if (name === "x") return CATEGORICAL.includes(kind) ? [] : xTypes(kind);
  if (kind === "waterfall") return [];
  if (kind === "heatmap") return [];
  return ["linear", "log"];
}

function xTypes(kind: Kind): readonly AxisType[] {
  return kind === "histogram" || kind === "contour" || kind === "hexbin"
    ? ["linear", "log"]
    : ["linear", "log", "time", "category"];
}

/** Return the type that an axis has: the chosen one, else that of its column. */
export function axisType(name: AxisName, draft: Draft, table: Table | null): AxisType {
  const chosen = axisOf(draft.refinement, name).type ?? impliedAxes(draft, table)[name]?.type;
  if (chosen) return chosen;
  const column = columnOf(name, draft);
  const type = table?.columns.find((found) => found.name === column)?.type;
  if (name === "x" && type && CATEGORICAL.includes(draft.kind)) return "category";
  if (type === "date") return "time";
  return type === "text" ? "category" : "linear";
}

/** Return the column whose values stand along an axis. */
export function columnOf(name: AxisName, draft: Draft): string | undefined {
  const { roles, kind } = draft;
  if (kind === "histogram") return name === "x" ? roles.y?.[0] : undefined;
  return name === "x" ? roles.x?.[0] : (roles.y?.[0] ?? roles.close?.[0]);
}

/** Return the kinds of all series; a pasted spec says its own. */
function kindsOf(draft: Draft): readonly Kind[] {
  const own = draft.pasted
    ? pastedKinds(draft)
    : seriesNames(draft).map((name) => kindOf(draft, name));
  return own.length > 0 ? own : [draft.kind];
}

function pastedKinds(draft: Draft): Kind[] {
  return pastedSeries(draft).map(
    (series) => KINDS.find((kind) => kind === series.kind) ?? draft.kind,
  );
}

function pastedSeries({ pasted }: Draft): readonly Record<string, unknown>[] {
  return Array.isArray(pasted?.series) ? pasted.series : [];
}

function hasRightAxis(draft: Draft): boolean {
  const drawn = seriesNames(draft).map((name) => draft.series[name]);
  return [...drawn, ...pastedSeries(draft)].some((series) => series?.axis === "y2");
}

function isPie(kind: Kind): boolean {
  return RULES[kind].family === "pie";
}

function isRound(kind: Kind): boolean {
  return RULES[kind].family === "round";
}
