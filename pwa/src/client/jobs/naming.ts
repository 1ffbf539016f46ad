/** What jobs are called. */

import type { Job } from "../http/jobs";
import { words } from "./words";

/** Return what a job is called: its title, else what is drawn. */
export function nameOf({ title, kind }: Pick<Job, "title" | "kind">): string {
  return title || kindOf(kind) || words().untitled;
}

/** Return what is drawn: a kind in words, or a template's name. */
export function kindOf(kind = ""): string {
  return words().kinds[kind] ?? kind;
}

/** Return the id of the link of a list that opens a job. */
export function rowId(id: string): string {
  return `job-${id}`;
}
