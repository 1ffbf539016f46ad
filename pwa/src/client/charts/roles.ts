/** Which column plays which part, kept through changes of kind and of data. */

import type { Draft, Kind, Role, Table } from "./draft";
import { isGrid, type Slot, slotsOf } from "./kinds";
import { nearestName } from "./names";
import { defaultRoles, type Roles, suggestedKind } from "./suggestion";

/** A part that no column plays, or one that the data lacks. */
export interface Missing {
  role: Role;
  /** Null where none was chosen. */
  name: string | null;
  /** The column that may be meant. */
  nearest: string | null;
}

/** Return the names that play a part: one only where the kind takes one. */
export function namesIn(slot: Slot, roles: Roles): readonly string[] {
  const names = (roles[slot.role] ?? []).filter((name) => name !== "");
  return slot.many ? names : names.slice(0, 1);
}

/** Name every part of the draft's kind that cannot be filled. */
export function missingParts(draft: Draft, table: Table | null): Missing[] {
  const present = (table?.columns ?? []).map(({ name }) => name);
  return slotsOf(draft.kind).flatMap((slot): Missing[] => {
    const names = namesIn(slot, draft.roles);
    if (names.length === 0) {
      return slot.needed ? [{ role: slot.role, name: null, nearest: null }] : [];
    }
    const lacking = names.filter((name) => !present.includes(name));
    return lacking.map((name) => ({ role: slot.role, name, nearest: nearestName(name, present) }));
  });
}

/** Return what changes when another kind is chosen: columns stay where they suit. */
export function choosingKind(draft: Draft, kind: Kind, table: Table | null): Partial<Draft> {
  const roles = table ? rolesFor(kind, draft, table) : draft.roles;
  return { kind, roles, chosen: true, template: null, pasted: null };
}

function rolesFor(kind: Kind, draft: Draft, table: Table): Roles {
  const suited = defaultRoles(kind, table) ?? {};
  if (isGrid(kind) || isGrid(draft.kind)) return { ...draft.roles, ...blank(kind), ...suited };
  const kept = Object.fromEntries(
    slotsOf(kind).flatMap((slot) => {
      const names = (draft.roles[slot.role] ?? []).filter((name) => isSuited(name, slot, table));
      return names.length > 0 ? [[slot.role, names]] : [];
    }),
  ) as Roles;
  const x = (kept.x ?? suited.x)?.[0];
  const y = kept.y?.filter((name) => name !== x);
  return {
    ...draft.roles,
    ...blank(kind),
    ...suited,
    ...kept,
    ...(y?.length ? { y } : { y: suited.y ?? [] }),
  };
}

/** The parts of a kind without columns, so that none of another kind's stays in them. */
function blank(kind: Kind): Roles {
  return Object.fromEntries(slotsOf(kind).map(({ role }) => [role, []]));
}

function isSuited(name: string, slot: Slot, table: Table): boolean {
  const column = table.columns.find((one) => one.name === name);
  return !column || slot.types.includes(column.type);
}

/**
 * Return what changes when data was read: parts that were chosen keep their names, also of columns
 * that are gone; the first data, and data that shares no column with the last, choose anew.
 *
 * `before` is the table that the draft was drawn from until now; `typed` tells that the text is
 * being written by hand, so that names are still in the making.
 */
export function adopting(
  draft: Draft,
  table: Table,
  { before = null, typed = false }: { before?: Table | null; typed?: boolean } = {},
): Partial<Draft> {
  if (draft.template || draft.pasted || table.columns.length === 0) return {};
  const present = new Set(table.columns.map(({ name }) => name));
  const used = slotsOf(draft.kind).flatMap((slot) => namesIn(slot, draft.roles));
  const found = used.filter((name) => present.has(name));
  const automatic =
    before !== null && sameRoles(draft.roles, defaultRoles(draft.kind, before) ?? {});
  if (found.length === 0 || (automatic && (typed || found.length === used.length))) {
    return choosingAnew(draft, table);
  }
  return found.length === used.length ? filled(draft, table) : {};
}

function choosingAnew(draft: Draft, table: Table): Partial<Draft> {
  const kind = draft.chosen ? draft.kind : suggestedKind(table);
  const roles = defaultRoles(kind, table) ?? {};
  return kind === draft.kind && sameRoles(roles, draft.roles) ? {} : { kind, roles };
}

/** Fill parts that are needed and have no column yet. */
function filled(draft: Draft, table: Table): Partial<Draft> {
  const empty = slotsOf(draft.kind).filter(
    (slot) => slot.needed && namesIn(slot, draft.roles).length === 0,
  );
  const suited = defaultRoles(draft.kind, table) ?? {};
  const added = empty.flatMap(({ role }) => (suited[role] ? [[role, suited[role]]] : []));
  return added.length > 0 ? { roles: { ...draft.roles, ...Object.fromEntries(added) } } : {};
}

function sameRoles(a: Roles, b: Roles): boolean {
  const written = (roles: Roles) =>
    JSON.stringify(
      Object.entries(roles)
        .filter(([, names]) => names.length > 0)
        .sort(),
    );
  return written(a) === written(b);
}

/** Put another name in the place of one, in every part and with all that the series has. */
export function renamed(draft: Draft, from: string, to: string): Partial<Draft> {
  const roles = Object.fromEntries(
    Object.entries(draft.roles).map(([role, names]) => [
      role,
      [...new Set(names.map((name) => (name === from ? to : name)))],
    ]),
  );
  const { [from]: moved, ...others } = draft.series;
  return { roles, series: moved ? { ...others, [to]: { ...moved, ...others[to] } } : others };
}
