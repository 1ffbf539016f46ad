/** Join what two people made of one document: a merge by member, with the document both began with. */

import type { Json, Path } from "../../../shared/json_tree";
import { differences, equal, isObject } from "./differences";
import { setMember } from "./edits";

export interface Merge {
  /** My text with what only they changed; members both changed are as I have them. */
  text: string;
  /** Paths of members that both changed, each to something else. */
  conflicts: readonly Path[];
  /** Paths of members that come from them. */
  taken: readonly Path[];
}

/** Merge their changes since `base` into my text; throws `NotJson` where that is no JSON. */
export function mergeInto(text: string, mine: Json, base: Json, theirs: Json): Merge {
  const conflicts: Path[] = [];
  const taken: Path[] = [];
  let merged = text;
  for (const path of changedMembers(base, theirs)) {
    const [was, is, own] = [base, theirs, mine].map((document) => memberOf(document, path));
    if (equal(is, own)) continue;
    if (!equal(was, own)) conflicts.push(path);
    else {
      merged = setMember(merged, path, is);
      taken.push(path);
    }
  }
  return { text: merged, conflicts, taken };
}

/** Return a text with one member as another document has it. */
export function withMember(text: string, other: Json, path: Path): string {
  return setMember(text, path, memberOf(other, path));
}

/** Return the members that differ: those of sections, and of the top what is no section. */
function changedMembers(before: Json, after: Json): Path[] {
  const paths = differences(before, after).map((one) => one.path.slice(0, 2));
  return paths.filter(
    (path, index) => paths.findIndex((other) => other.join("\n") === path.join("\n")) === index,
  );
}

function memberOf(document: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, name) => (isObject(value) ? value[String(name)] : undefined),
    document,
  );
}
