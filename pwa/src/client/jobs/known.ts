/** What this page knows of jobs, whoever told it: the newest of each. */

import { signal } from "@preact/signals";
import { hasEnded, type Job } from "../http/jobs";
import { activeJobs } from "../shell/badge";

export const known = signal<ReadonlyMap<string, Job>>(new Map());

/** Take note of jobs; what is older than what is known changes nothing. */
export function learn(...told: readonly Job[]): void {
  const newer = told.filter(({ id, version }) => version > (known.peek().get(id)?.version ?? -1));
  if (newer.length === 0) return;
  known.value = new Map([...known.peek(), ...newer.map((job) => [job.id, job] as const)]);
  count();
}

/** Forget a job that the server does not keep any longer. */
export function unlearn(id: string): void {
  if (!known.peek().has(id)) return;
  known.value = new Map([...known.peek()].filter(([other]) => other !== id));
  count();
}

/** Return the jobs that are under way, the oldest first. */
export function active(jobs: ReadonlyMap<string, Job>): Job[] {
  const underWay = [...jobs.values()].filter((job) => !hasEnded(job));
  return underWay.sort((one, other) => (one.created < other.created ? -1 : 1));
}

function count(): void {
  activeJobs.value = active(known.peek()).length;
}
