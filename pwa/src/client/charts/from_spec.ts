/** A spec becomes a draft: what the form can say goes into the form, the rest is kept as it is. */

import { parseOrdered } from "../../shared/ordered_json";
import type { Cell, Column, Draft, Kind, Refinement, SeriesOptions, Table } from "./draft";
import { EMPTY_DRAFT } from "./draft";
import { impliedAxes } from "./implied";
import { isGrid } from "./kinds";
import { toSpec } from "./spec";
import { textOf } from "./table_text";
import {
  type Columns,
  essence,
  independentOfOrder,
  isMembers,
  type Members,
  type WrittenOut,
  type WrittenSeries,
  writtenOut,
} from "./written_out";

/** Members that are the draft's refinement under the same name. */
const REFINED = [
  "title",
  "subtitle",
  "alt",
  "axes",
  "legend",
  "annotations",
  "stack",
  "orientation",
  "hole",
  "size",
  "style",
] as const;

/** A spec's members that name nothing else; an object with others is data. */
const MEMBERS = new Set([
  ...REFINED,
  ..."kind x y z bins series data facets format template params".split(" "),
]);

/** Tell whether a decoded JSON document is a spec, and not merely columns by name. */
export function isSpec(value: unknown): value is Members {
  if (!isMembers(value)) return false;
  const keys = Object.keys(value);
  const says = ["series", "data", "template", "x", "y", "z"].some((key) => key in value);
  const columns =
    Object.values(value).every(Array.isArray) && !("series" in value || "data" in value);
  return says && !columns && keys.every((key) => MEMBERS.has(key));
}

/** Return the spec that a text is; null where it is none, a table perhaps. */
export function specIn(text: string): object | null {
  try {
    const document: unknown = parseOrdered(text);
    return isSpec(document) ? document : null;
  } catch {
    // It is read as a table then, which says what is wrong.
    return null;
  }
}

/**
 * Return the draft that draws as a spec does.
 *
 * The form's draft is tried first, and compared value by value with what the spec draws; where it
 * says less, the spec is kept whole in `pasted`, less what the refinement holds.
 */
export function fromSpec(spec: object): Draft {
  const { format: _, ...sent } = spec as Members & { format?: unknown };
  const members = independentOfOrder(sent);
  const refinement = refinementOf(members);
  if (typeof members.template === "string") {
    const params = isMembers(members.params) ? members.params : {};
    return {
      ...EMPTY_DRAFT,
      chosen: true,
      refinement,
      template: { name: members.template, params },
    };
  }
  return formed(members, refinement) ?? { ...EMPTY_DRAFT, refinement, pasted: rest(members) };
}

function refinementOf(members: Members): Refinement {
  const found = REFINED.filter((key) => members[key] !== undefined);
  return Object.fromEntries(found.map((key) => [key, members[key]])) as Refinement;
}

function rest(members: Members): Members {
  const refined: readonly string[] = REFINED;
  return Object.fromEntries(Object.entries(members).filter(([key]) => !refined.includes(key)));
}

function formed(members: Members, refinement: Refinement): Draft | null {
  const written = writtenOut(members);
  const bench = written && new Bench(written);
  const draft = bench?.draft(members, refinement);
  if (!bench || !draft || !bench.isReadable()) return null;
  const full = withoutImplied(draft, bench.table());
  const again = toSpec(full, bench.table());
  return Array.isArray(again) || !sameDrawing(members, again) ? null : full;
}

/** Where the data implies a label or unit that the spec lacks, say that there is none. */
function withoutImplied(draft: Draft, table: Table): Draft {
  const axes: Record<string, object> = { ...draft.refinement.axes };
  for (const [name, implied] of Object.entries(impliedAxes(draft, table))) {
    const none = Object.keys(implied).map((member) => [member, ""]);
    axes[name] = { ...Object.fromEntries(none), ...axes[name] };
  }
  if (Object.keys(axes).length === 0) return draft;
  return { ...draft, refinement: { ...draft.refinement, axes } };
}

function sameDrawing(sent: Members, again: Members): boolean {
  const whole = (spec: Members) => canonical([essence(spec), refinementOf(spec)]);
  return whole(sent) === whole(again);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    isMembers(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Gathers the columns of a spec, those of its lists among them, and names their parts. */
class Bench {
  private readonly columns: Map<string, readonly Cell[]>;
  private readonly series: readonly WrittenSeries[];

  constructor({ columns, series }: WrittenOut) {
    this.columns = new Map(columns as Columns);
    this.series = series;
  }

  draft(members: Members, refinement: Refinement): Draft | null {
    const [first] = this.series;
    if (!first) return null;
    const kind = this.mainKind(members, first);
    const parts = isGrid(first.kind) && isMatrix(first.members.z) ? this.grid(first) : this.parts();
    if (!parts) return null;
    const facets = isMembers(members.facets) ? members.facets : undefined;
    const { by, ...panels } = facets ?? {};
    if (by !== undefined) parts.roles.facet = [this.column(by, "facet")];
    return {
      ...EMPTY_DRAFT,
      source: this.source(),
      kind,
      chosen: true,
      roles: parts.roles,
      series: this.options(parts.names, kind),
      refinement: {
        ...refinement,
        ...(Object.keys(panels).length > 0 && { facets: panels }),
        ...this.bins(first),
      },
    };
  }

  table(): Table {
    const columns = [...this.columns].map(([name, values]): Column => {
      const type = typeOf(values);
      return { name, type, detected: type, values, misfits: 0 };
    });
    const rows = columns[0]?.values.length ?? 0;
    return { columns, rows, separator: ",", decimal: ".", dates: "ymd", header: true };
  }

  /** Tell whether text can say the table: equal lengths, no column of numbers and texts at once. */
  isReadable(): boolean {
    const all = [...this.columns.values()];
    const texts = all.flat().filter((value) => typeof value === "string");
    return (
      all.every((values) => values.length === all[0]?.length && !isMixed(values)) &&
      texts.every((text) => text !== "" && text === text.trim())
    );
  }

  private source(): Draft["source"] {
    const types = Object.fromEntries(this.table().columns.map(({ name, type }) => [name, type]));
    const text = textOf([...this.columns]);
    return { text, separator: ",", decimal: ".", dates: "ymd", header: true, types };
  }

  private mainKind(members: Members, first: WrittenSeries): Kind {
    const counts = this.series.filter(({ kind }) => kind === members.kind);
    return counts[0]?.kind ?? first.kind;
  }

  private parts(): Parts | null {
    const roles: Record<string, string[]> = {};
    const names: string[] = [];
    for (const { kind, members } of this.series) {
      const labels = kind === "histogram" ? { y: members.x ?? members.y } : members;
      const shown = this.play(labels, roles, String(members.name ?? ""));
      names.push(isGrid(kind) ? (roles.z?.[0] ?? "") : (shown ?? roles.close?.[0] ?? ""));
    }
    for (const role of ["x", "z", "size", "open", "high", "low", "close"]) {
      if (new Set(roles[role]).size > 1) return null;
      if (roles[role]) roles[role] = roles[role].slice(0, 1);
    }
    return new Set(names).size === names.length ? { roles, names } : null;
  }

  /** Let the columns of one series play its parts; return the one that it draws. */
  private play(
    members: Members,
    roles: Record<string, string[]>,
    name: string,
  ): string | undefined {
    let drawn: string | undefined;
    for (const role of PLAYED) {
      const given = members[role];
      if (given === undefined || typeof given === "number") continue;
      const pair = isPair(given) && role.endsWith("error");
      const names = pair
        ? given.map((one) => this.column(one, role))
        : [this.column(given, role === "y" ? name || "y" : role)];
      roles[role] = [...(roles[role] ?? []), ...names];
      if (role === "y") drawn = names[0];
    }
    return drawn;
  }

  private grid({ members }: WrittenSeries): Parts | null {
    const rows = members.z as readonly (readonly Cell[])[];
    const x = Array.isArray(members.x) ? members.x : rows[0]?.map((_, at) => at);
    const y = Array.isArray(members.y) ? members.y : rows.map((_, at) => at);
    this.columns.clear();
    const named = this.column(y, "y");
    const z = (x ?? []).map((name, at) => {
      this.columns.set(
        String(name),
        rows.map((row) => row[at] ?? null),
      );
      return String(name);
    });
    return new Set([named, ...z]).size === z.length + 1
      ? { roles: { y: [named], z }, names: [z[0] ?? ""] }
      : null;
  }

  /** Return the name of a column: one of `data`, or one that a list becomes. */
  private column(given: unknown, wish: string): string {
    if (typeof given === "string") return given;
    const values = Array.isArray(given) ? (given as Cell[]) : [];
    const known = [...this.columns].find(
      ([, other]) => JSON.stringify(other) === JSON.stringify(values),
    );
    if (known && wish === "x") return known[0];
    let name = wish;
    for (let count = 2; this.columns.has(name); count += 1) name = `${wish} ${count}`;
    this.columns.set(name, values);
    return name;
  }

  private options(names: readonly string[], main: Kind): Record<string, SeriesOptions> {
    const all = this.series.map(({ kind, members }, at) => {
      const own = Object.entries(members).filter(
        ([key]) => ![...PLAYED, "name", "bins"].includes(key),
      );
      const name = members.name === names[at] ? undefined : members.name;
      const options = {
        ...(kind !== main && { kind }),
        ...(name !== undefined && { name }),
        ...Object.fromEntries(own),
      } as SeriesOptions;
      return [names[at] ?? "", options] as const;
    });
    return Object.fromEntries(all.filter(([, options]) => Object.keys(options).length > 0));
  }

  private bins({ kind, members }: WrittenSeries): Pick<Refinement, "bins"> {
    return kind === "histogram" && members.bins !== undefined
      ? { bins: members.bins as number }
      : {};
  }
}

interface Parts {
  roles: Record<string, string[]>;
  /** The drawn column of each series. */
  names: string[];
}

const PLAYED = ["x", "y", "z", "size", "error", "x_error", "open", "high", "low", "close"];

const TIME = /^\d{4}-\d{2}(?:-\d{2}(?:[T ].*)?)?$/;

function typeOf(values: readonly Cell[]): Column["type"] {
  const given = values.filter((value) => value !== null);
  if (given.length > 0 && given.every((value) => typeof value === "number")) return "number";
  return given.length > 0 && given.every((value) => TIME.test(String(value))) ? "date" : "text";
}

function isMixed(values: readonly Cell[]): boolean {
  return new Set(values.filter((value) => value !== null).map((value) => typeof value)).size > 1;
}

function isMatrix(given: unknown): given is readonly (readonly Cell[])[] {
  return Array.isArray(given) && given.some(Array.isArray) && given.every(Array.isArray);
}

function isPair(given: unknown): given is readonly [string, string] {
  return (
    Array.isArray(given) && given.length === 2 && given.every((one) => typeof one === "string")
  );
}
