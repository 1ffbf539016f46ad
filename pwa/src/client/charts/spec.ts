/** A draft becomes the spec that is sent. */

import type { Axis, Column, Draft, Kind, Refinement, SeriesOptions, Table } from "./draft";
import { impliedAxes } from "./implied";
import { isGrid, mixes, RULES, slotsOf } from "./kinds";
import { type Missing, missingParts, namesIn } from "./roles";

export { fromSpec } from "./from_spec";
export type { Missing } from "./roles";

export type Spec = Record<string, unknown>;

/** In this order the members of a spec are written. */
const ORDER = [
  ..."template params kind title subtitle data x y z bins series facets stack orientation".split(
    " ",
  ),
  ..."hole axes annotations legend size style alt".split(" "),
];
/** What goes with a template. */
const WITH_TEMPLATE = ["size", "style", "alt"] as const;

/**
 * Return the spec of a draft, or every part that no column of the table plays.
 *
 * Equal drafts over equal tables give the same members in the same order. What the kind does not
 * take is left out, and stays in the draft.
 */
export function toSpec(draft: Draft, table: Table | null): Spec | Missing[] {
  if (draft.template) {
    const { name, params } = draft.template;
    return inOrder({ template: name, params, ...some(draft.refinement, WITH_TEMPLATE) });
  }
  if (draft.pasted) return inOrder({ ...draft.pasted, ...refined(draft.refinement, {}) });
  const missing = missingParts(draft, table);
  if (missing.length > 0 || !table) return missing;
  return inOrder({ ...drawn(draft, table), ...refined(taken(draft), impliedAxes(draft, table)) });
}

/** Return the names of the columns that are drawn, in the order of the spec's series. */
export function seriesNames(draft: Draft): readonly string[] {
  const { roles } = draft;
  if (isGrid(draft.kind)) return (roles.z ?? []).slice(0, 1);
  const lead = draft.kind === "candlestick" ? (roles.close ?? []).slice(0, 1) : [];
  const slot = slotsOf(draft.kind).find(({ role }) => role === "y");
  return [...lead, ...(slot ? namesIn(slot, roles) : [])];
}

/** Return the kind that a drawn column has. */
export function kindOf(draft: Draft, name: string): Kind {
  const prices = draft.kind === "candlestick";
  if (prices && name === draft.roles.close?.[0]) return "candlestick";
  const own = mixes(draft.kind) ? draft.series[name]?.kind : undefined;
  return own ?? (prices ? "line" : draft.kind);
}

/** What one series of a spec says beside its kind's options. */
function drawn(draft: Draft, table: Table): Spec {
  if (isGrid(draft.kind) && !draft.roles.x?.length) return matrix(draft, table);
  const series = seriesNames(draft).map((name, at) => seriesOf(draft, name, at));
  const names = new Set(series.flatMap(columnsIn));
  const facet = facets(draft);
  if (facet) names.add(String(facet.by));
  const data = Object.fromEntries(
    table.columns.filter(({ name }) => names.has(name)).map(({ name, values }) => [name, values]),
  );
  return { kind: draft.kind, data, ...short(series), ...(facet && { facets: facet }) };
}

function seriesOf(draft: Draft, name: string, at: number): Spec {
  const errors = errorsOf(draft, kindOf(draft, name), at);
  const kind = kindWith(errors, kindOf(draft, name));
  const { roles } = draft;
  const x = roles.x?.[0];
  const values: Spec = { ...(kind !== draft.kind && { kind }) };
  if (kind === "candlestick") {
    for (const role of ["open", "high", "low", "close"] as const) values[role] = roles[role]?.[0];
  } else if (isGrid(kind)) Object.assign(values, { y: roles.y?.[0], z: name });
  else if (kind === "histogram") values.x = name;
  else values.y = name;
  if (x && kind !== "histogram") values.x = x;
  if (RULES[kind].takes.includes("z") && !isGrid(kind)) values.z = roles.z?.[0];
  if (RULES[kind].takes.includes("size")) values.size = roles.size?.[0];
  Object.assign(values, errors);
  if (kind === "histogram") values.bins = draft.refinement.bins;
  return ordered({ ...values, ...optionsOf(draft.series[name], kind, draft) });
}

/** Values without errors beside others that have some are points. */
function kindWith(errors: Spec, kind: Kind): Kind {
  const some = errors.error !== undefined || errors.x_error !== undefined;
  return kind === "errorbar" && !some ? "scatter" : kind;
}

/** The nth drawn column has the nth column of errors; or the nth two, below and above. */
function errorsOf(draft: Draft, kind: Kind, at: number): Spec {
  const taken = (["error", "x_error"] as const).filter((role) => RULES[kind].takes.includes(role));
  const count = draft.roles.y?.length ?? 0;
  const found = taken.map((role) => {
    const names = draft.roles[role] ?? [];
    const pair = count > 0 && names.length === 2 * count;
    return [role, pair ? names.slice(2 * at, 2 * at + 2) : names[at] || undefined];
  });
  return draft.refinement.stack && RULES[kind].stacks ? {} : Object.fromEntries(found);
}

function optionsOf(options: SeriesOptions | undefined, kind: Kind, draft: Draft): Spec {
  const { kind: _, name, axis, ...looks } = options ?? {};
  const taken = Object.entries(looks).filter(([member]) => RULES[kind].takes.includes(member));
  const right = axis && RULES[kind].takes.includes("axis") && !facets(draft);
  return { ...(name && { name }), ...(right && { axis }), ...Object.fromEntries(taken) };
}

const SERIES_ORDER =
  "kind name x y z size open high low close error x_error axis bins totals".split(" ");

function ordered(members: Spec): Spec {
  const rest = Object.keys(members).filter((key) => !SERIES_ORDER.includes(key));
  return picked(members, [...SERIES_ORDER, ...rest]);
}

/** Say it in short where all series are alike but for their column. */
function short(series: readonly Spec[]): Spec {
  const [first = {}] = series;
  const keys = (one: Spec) => Object.keys(one).filter((key) => key !== "y");
  const plain = series.every(
    (one) =>
      keys(one).every((key) => "xzbins".includes(key) && one[key] === first[key]) &&
      keys(one).length === keys(first).length,
  );
  const several = series.length > 1;
  if (!plain || (several && !("y" in first))) return { series };
  return several ? { ...first, y: series.map(({ y }) => y) } : { ...first };
}

function columnsIn(series: Spec): string[] {
  const members = "x y z size open high low close error x_error".split(" ");
  return members
    .flatMap((member) => series[member] ?? [])
    .filter((name) => typeof name === "string");
}

/** A wide table: one column names the rows, the names of the others are those of the columns. */
function matrix(draft: Draft, table: Table): Spec {
  const find = (name: string | undefined) => table.columns.find((one) => one.name === name);
  const rows = find(draft.roles.y?.[0]);
  const cells = (draft.roles.z ?? []).flatMap((name) => find(name) ?? []);
  const x = cells.map(({ name }) => (draft.kind === "contour" ? Number(name) : name));
  const z = (rows?.values ?? []).map((_, at) =>
    cells.map((column: Column) => column.values[at] ?? null),
  );
  const options = optionsOf(draft.series[cells[0]?.name ?? ""], draft.kind, draft);
  const values = { x, y: rows?.values, z };
  const plain = Object.keys(options).length === 0;
  return { kind: draft.kind, ...(plain ? values : { series: [{ ...values, ...options }] }) };
}

function facets(draft: Draft): Spec | undefined {
  const slot = slotsOf(draft.kind).find(({ role }) => role === "facet");
  const by = draft.roles.facet?.[0];
  return slot && by ? { by, ...draft.refinement.facets } : undefined;
}

/** Return the refinement less what this kind, and these series, do not take. */
function taken(draft: Draft): Refinement {
  const {
    stack,
    orientation,
    hole,
    annotations,
    axes,
    bins: _,
    facets: __,
    ...rest
  } = draft.refinement;
  const kinds = seriesNames(draft).map((name) => kindOf(draft, name));
  const right = seriesNames(draft).some(
    (name) =>
      draft.series[name]?.axis === "y2" && RULES[kindOf(draft, name)].takes.includes("axis"),
  );
  const { family } = RULES[draft.kind];
  const lies = kinds.length > 0 && kinds.every((kind) => RULES[kind].lies);
  return {
    ...rest,
    ...(stack && kinds.some((kind) => RULES[kind].stacks) && { stack }),
    ...(orientation && lies && { orientation }),
    ...(hole !== undefined && family === "pie" && { hole }),
    ...(annotations && family !== "pie" && family !== "round" && { annotations }),
    ...(axes &&
      family !== "pie" && { axes: axesFor(axes, family === "round", right && !facets(draft)) }),
  };
}

type Axes = NonNullable<Refinement["axes"]>;

function axesFor({ y2, ...axes }: Axes, round: boolean, right: boolean): Axes {
  if (!round) return { ...axes, ...(right && y2 && { y2 }) };
  const unlabelled = Object.entries(axes).map(([name, { label: _, ...axis }]) => [name, axis]);
  return Object.fromEntries(unlabelled);
}

/** Write a refinement as members of a spec: what is empty is not written. */
function refined(refinement: Refinement, implied: Axes): Spec {
  const {
    axes,
    annotations,
    size,
    title,
    subtitle,
    alt,
    style,
    bins: _,
    facets: __,
    ...rest
  } = refinement;
  return {
    ...rest,
    ...some({ title, subtitle, alt, style }, ["title", "subtitle", "alt", "style"]),
    ...filledObject("size", size),
    ...filledObject("axes", mergedAxes(axes ?? {}, implied)),
    ...(annotations && annotations.length > 0 && { annotations }),
  };
}

function mergedAxes(own: Axes, implied: Axes): Spec {
  const names = (["x", "y", "y2"] as const).filter((name) => own[name] ?? implied[name]);
  const merged = names.map((name) => [name, axisOf({ ...implied[name], ...given(own[name]) })]);
  return Object.fromEntries(merged.filter(([, axis]) => Object.keys(axis ?? {}).length > 0));
}

function given(axis: Axis | undefined): Axis {
  return Object.fromEntries(Object.entries(axis ?? {}).filter(([, value]) => value !== undefined));
}

const AXIS_ORDER = "label type limits format prefix suffix grid reverse".split(" ");

function axisOf(axis: Axis): Spec {
  const open = axis.limits?.every((limit) => limit === null);
  const members: Spec = { ...axis, ...(open && { limits: undefined }) };
  return Object.fromEntries(
    Object.entries(picked(members, AXIS_ORDER)).filter(([, value]) => value !== ""),
  );
}

function filledObject(name: string, value: object | undefined): Spec {
  const members = Object.entries(value ?? {}).filter(([, member]) => member !== undefined);
  return members.length > 0 ? { [name]: Object.fromEntries(members) } : {};
}

function some<Key extends string>(
  members: Partial<Record<Key, unknown>>,
  keys: readonly Key[],
): Spec {
  return Object.fromEntries(
    keys
      .filter((key) => members[key] !== undefined && members[key] !== "")
      .map((key) => [key, members[key]]),
  );
}

function inOrder(members: Spec): Spec {
  const rest = Object.keys(members).filter((key) => !ORDER.includes(key));
  return picked(members, [...ORDER, ...rest]);
}

/** Return members in an order; those that are undefined are left out. */
function picked(members: Spec, order: readonly string[]): Spec {
  const known = order.filter((key) => members[key] !== undefined);
  return Object.fromEntries(known.map((key) => [key, members[key]]));
}
