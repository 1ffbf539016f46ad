/** Telling a job that a request began from one that it joined. */

import type { Job } from "./jobs";

/**
 * Whether the answer to a request that took some milliseconds tells of a job which it began.
 *
 * Both times are the server's. Its `Date` is rounded: of a job that somebody else began a moment
 * before, it counts that nobody has taken it up yet.
 */
export function isBegunBy({ headers }: Response, took: number, { attempt, created }: Job): boolean {
  return attempt === 0 && Date.parse(created) >= Date.parse(headers.get("Date") ?? "") - took;
}
