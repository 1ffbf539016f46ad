/** What the server found wrong, by place, so that every field can mark its own. */

import { signal } from "@preact/signals";
import type { Fault } from "../../http/problems";

/** Path in the spec (`axes.y.limits[0]`, `series[1].y`, empty for the whole) → messages. */
export type Faults = ReadonlyMap<string, readonly string[]>;

export const NO_FAULTS: Faults = new Map();

/** The faults of the spec that was sent last. */
export const faults = signal<Faults>(NO_FAULTS);

/** Gather faults by their paths. */
export function faultsByPath(listed: readonly Fault[]): Faults {
  const gathered = new Map<string, string[]>();
  for (const { path, message } of listed) {
    gathered.set(path, [...(gathered.get(path) ?? []), message]);
  }
  return gathered;
}

/** Return the messages at a path and below it: `axes.y.limits` has those of `axes.y.limits[0]`. */
export function messagesAt(all: Faults, path: string): readonly string[] {
  return [...all].flatMap(([at, messages]) => (isWithin(at, path) ? messages : []));
}

function isWithin(at: string, path: string): boolean {
  return at === path || (at.startsWith(path) && /[.[]/.test(at.charAt(path.length)));
}
