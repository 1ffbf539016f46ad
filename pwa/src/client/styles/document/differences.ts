/** What is other in one document than in another, member by member. */

import type { Json, Path } from "../../../shared/json_tree";
import { readPath } from "./paths";

/** One member that differs; `was` and `is` are undefined where it is not there. */
export interface Difference {
  path: Path;
  was?: Json | string;
  is?: Json | string;
}

/** Whether two JSON values say the same. */
export function equal(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (!isContainer(one) || !isContainer(other)) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && equal(memberOf(one, name), memberOf(other, name)))
  );
}

/** Return each member that differs, in the order of the paths; lists are one member each. */
export function differences(before: Json, after: Json, path: Path = []): Difference[] {
  if (!isObject(before) || !isObject(after)) {
    return equal(before, after) ? [] : [{ path, was: before, is: after }];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => memberDifferences(before[name], after[name], [...path, name]));
}

function memberDifferences(was: Json | undefined, is: Json | undefined, path: Path): Difference[] {
  if (was !== undefined && is !== undefined) return differences(was, is, path);
  const one = was === undefined ? is : was;
  if (one === undefined) return [];
  if (!isObject(one) || !Object.keys(one).length)
    return [was === undefined ? { path, is: one } : { path, was: one }];
  return Object.keys(one).flatMap((name) =>
    memberDifferences(memberOf(was, name), memberOf(is, name), [...path, name]),
  );
}

const ADDED = /^(\S+) added: (.*)$/s;
const REMOVED = /^(\S+) removed \(was (.*)\)$/s;
const CHANGED = /^(\S+) (.*) → (.*)$/s;

/** Read a line of a history; null for one that is a sentence. */
export function readDifference(line: string): Difference | null {
  const added = ADDED.exec(line);
  if (added) return { path: readPath(added[1] ?? ""), is: added[2] ?? "" };
  const removed = REMOVED.exec(line);
  if (removed) return { path: readPath(removed[1] ?? ""), was: removed[2] ?? "" };
  const changed = CHANGED.exec(line);
  if (!changed || line.startsWith("what ")) return null;
  return { path: readPath(changed[1] ?? ""), was: changed[2] ?? "", is: changed[3] ?? "" };
}

/** Whether a value is an object with named members. */
export function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return isContainer(value) && !Array.isArray(value);
}

function isContainer(value: Json | undefined): value is Json[] | { [name: string]: Json } {
  return typeof value === "object" && value !== null;
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isObject(value) ? value[name] : undefined;
}
