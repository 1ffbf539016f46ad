/** Changes of a refinement: each returns a new one, in which nothing is empty. */

import type { Axis, Refinement } from "../../charts/draft";

export type AxisName = "x" | "y" | "y2";

/** A change of some members; `undefined`, an empty text and an empty list take a member away. */
export type Changes<Whole> = { [Name in keyof Whole]?: Whole[Name] | undefined };

/** Return a refinement with some members changed. */
export function refined(refinement: Refinement, changes: Changes<Refinement>): Refinement {
  return merged(refinement, changes);
}

/**
 * Return a refinement with one axis changed. `implied` is what the data says of the axis: a text of
 * it is taken away by an empty one, and need not be repeated.
 */
export function withAxis(
  refinement: Refinement,
  name: AxisName,
  changes: Changes<Axis>,
  implied: Axis = {},
): Refinement {
  const own = Object.entries({ ...axisOf(refinement, name), ...changes }).filter(
    ([member, value]) =>
      value === "" ? Boolean(implied[member as keyof Axis]) : says(value, implied, member),
  );
  const axes = merged(refinement.axes ?? {}, { [name]: Object.fromEntries(own) });
  return refined(refinement, { axes });
}

function says(value: unknown, implied: Axis, member: string): boolean {
  return value !== undefined && value !== implied[member as keyof Axis];
}

/** Return one axis; what is not said is not there. */
export function axisOf(refinement: Refinement, name: AxisName): Axis {
  return refinement.axes?.[name] ?? {};
}

/** Return limits with one end changed; none where both ends are the data's. */
export function withLimit(
  limits: Axis["limits"],
  end: 0 | 1,
  value: number | string | undefined,
): Axis["limits"] | undefined {
  const [low, high] = limits ?? [null, null];
  const changed: Axis["limits"] = end === 0 ? [value ?? null, high] : [low, value ?? null];
  return changed.every((limit) => limit === null) ? undefined : changed;
}

type Legend = Exclude<Refinement["legend"], boolean | undefined>;
export type LegendPlace = NonNullable<Legend["position"]> | "shown" | "";

/** Return where the legend stands: empty for "by itself", `none` for a hidden one. */
export function legendPlace({ legend }: Refinement): LegendPlace {
  if (legend === true) return "shown";
  if (legend === false) return "none";
  return legend?.position ?? "";
}

/** Return the legend at another place; its title stays where there is one to show. */
export function withLegendPlace(refinement: Refinement, place: LegendPlace): Refinement {
  const title = legendTitle(refinement);
  if (place === "shown" && !title) return refined(refinement, { legend: true });
  if (place === "none") return refined(refinement, { legend: false });
  const position = place === "" || place === "shown" ? undefined : place;
  return refined(refinement, { legend: merged<Legend>({}, { position, title }) });
}

/** Return the legend's title; empty where it has none. */
export function legendTitle({ legend }: Refinement): string {
  return typeof legend === "object" ? (legend.title ?? "") : "";
}

/** Return a refinement whose legend has a title. */
export function withLegendTitle(refinement: Refinement, title: string): Refinement {
  const legend = typeof refinement.legend === "object" ? refinement.legend : {};
  return refined(refinement, { legend: merged<Legend>(legend, { title }) });
}

function merged<Whole extends object>(whole: Whole, changes: Changes<Whole>): Whole {
  const entries = Object.entries({ ...whole, ...changes }).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(entries) as Whole;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
