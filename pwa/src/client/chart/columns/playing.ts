/** Changes of who plays which part. */

import { change, draft } from "../../charts/current";
import type { Role, SeriesOptions } from "../../charts/draft";
import type { Slot } from "../../charts/kinds";

/** Let a column play a part: in place of another where there is room for one only. */
export function assign({ role, many }: Slot, name: string): void {
  const names = draft.value.roles[role] ?? [];
  if (names.includes(name)) return;
  // Each panel has one value of its column: there is nothing to draw of that.
  const drawn = role === "facet" ? { y: without(draft.value.roles.y ?? [], name) } : {};
  put(role, many ? [...names, name] : [name], drawn);
}

/** Take a column out of a part; the errors that stand beside it go with it. */
export function dismiss(role: Role, name: string): void {
  const { roles } = draft.value;
  const names = roles[role] ?? [];
  const at = names.indexOf(name);
  const error =
    role === "y" && (roles.error?.length ?? 0) === names.length ? roles.error : undefined;
  put(role, without(names, name), error && { error: error.filter((_, index) => index !== at) });
}

/** Put a column earlier or later among those of its part. */
export function move(role: Role, name: string, by: 1 | -1): void {
  const names = [...(draft.value.roles[role] ?? [])];
  const at = names.indexOf(name);
  const to = at + by;
  if (at < 0 || to < 0 || to >= names.length) return;
  names.splice(to, 0, ...names.splice(at, 1));
  put(role, names);
}

/** Change what a drawn column has of its own; undefined takes it away. */
export function setOption<Key extends keyof SeriesOptions>(
  name: string,
  key: Key,
  value: SeriesOptions[Key] | undefined,
): void {
  const { [key]: _, ...others } = draft.value.series[name] ?? {};
  const options = value === undefined ? others : { ...others, [key]: value };
  change(`series ${key} ${name}`, { series: { ...draft.value.series, [name]: options } });
}

function put(
  role: Role,
  names: readonly string[],
  more: Partial<Record<Role, readonly string[]>> = {},
) {
  change("columns", { roles: { ...draft.value.roles, [role]: names, ...more } });
}

function without(names: readonly string[], name: string): string[] {
  return names.filter((other) => other !== name);
}
