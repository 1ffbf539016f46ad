/** How a list of jobs grows at its top and at its end, without a gap. */

import { hasEnded, type Job, type JobPage } from "../http/jobs";
import { active } from "./known";

/** Jobs without a gap between them, newest first. */
export interface Shown {
  ids: readonly string[];
  /** Where the older ones begin. */
  before?: string | undefined;
}

/** Put the newest page in place of what was shown; older jobs stay where the page meets them. */
export function renewed(shown: Shown | null, { jobs, before }: JobPage): Shown {
  const ids = jobs.map(({ id }) => id);
  const met = shown && before !== undefined ? shown.ids.indexOf(ids.at(-1) ?? "") : -1;
  if (!shown || met < 0) return { ids, before };
  const older = shown.ids.slice(met + 1).filter((id) => !ids.includes(id));
  return older.length > 0 ? { ids: [...ids, ...older], before: shown.before } : { ids, before };
}

/** Put older jobs at the end; those that came twice stand once. */
export function extended(shown: Shown | null, { jobs, before }: JobPage): Shown {
  const known = shown?.ids ?? [];
  const older = jobs.map(({ id }) => id).filter((id) => !known.includes(id));
  return { ids: [...known, ...older], before };
}

/** Put a job at the top that was submitted just now. */
export function withNew(shown: Shown, { id }: Job): Shown {
  return shown.ids.includes(id) ? shown : { ...shown, ids: [id, ...shown.ids] };
}

/**
 * Return all jobs that are under way, newest first, and apart from them those that are over.
 *
 * `watched` are jobs that were under way when they were read or heard of: where they are not among
 * what is shown, they stand first among the others once they are over.
 */
export function grouped(
  shown: Shown,
  watched: readonly string[],
  jobs: ReadonlyMap<string, Job>,
): { underWay: Job[]; over: Job[] } {
  const ids = new Set([...watched.filter((id) => !shown.ids.includes(id)), ...shown.ids]);
  const over = [...ids].flatMap((id) => jobs.get(id) ?? []).filter(hasEnded);
  return { underWay: active(jobs).reverse(), over };
}
