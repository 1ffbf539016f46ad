/** Values of members as the form shows them. */

import { type Json, nodeAt, type Path } from "../../../shared/json_tree";
import { tree } from "../desk";
import { inherited, valueIn } from "../inherited";

/** Return what the document itself says of a member; null counts as nothing. */
export function memberOf(path: Path): Json | undefined {
  const root = tree.value;
  return (root && nodeAt(root, path)?.value) ?? undefined;
}

/** Return what serves where the document leaves a member out. */
export function inheritedOf(path: Path): Json | undefined {
  const [section = "", name] = path.map(String);
  return name === undefined ? inherited.value[section] : valueIn(inherited.value, section, name);
}

/** Write a value in one line. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Return a list of texts, also of a single one. */
export function textsOf(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(textOf) : [];
}
