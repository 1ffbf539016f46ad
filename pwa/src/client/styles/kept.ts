/** Unsaved edits, kept in this browser until they are saved or discarded. */

import type { StoredStyle } from "../http/styles";

/** Somebody's work on one style. */
export interface Work {
  /** What it began with; version `0` and an empty text where nothing was stored. */
  base: StoredStyle;
  text: string;
}

const PREFIX = "plotkiln.style.";

/** Keep unsaved work; where the browser has no room it stays in memory alone. */
export function keep(name: string, work: Work): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(work));
  } catch (error) {
    console.warn("unsaved edits could not be kept", error);
  }
}

/** Return the unsaved work on a style, if there is any. */
export function keptWork(name: string): Work | null {
  try {
    const work = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null") as Work | null;
    return work && typeof work.text === "string" && typeof work.base?.text === "string"
      ? work
      : null;
  } catch {
    return null;
  }
}

/** Forget the work on a style: it is saved, or nobody wants it. */
export function forget(name: string): void {
  localStorage.removeItem(PREFIX + name);
}

/** Return the names of styles with unsaved work. */
export function keptNames(): string[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length))
    .sort();
}
