/** Eviction of recent pictures: by number and by age. */

import { CHECKED_HEADER } from "../shared/pictures";

const MOST_PICTURES = 200;
/** Milliseconds since the server last confirmed a picture: 30 days. */
const LONGEST = 30 * 24 * 3_600_000;

/** Remove pictures beyond a number, and those that are too old. */
export async function trim(cache: Cache, most = MOST_PICTURES): Promise<void> {
  // Caches list in the order of the last put (Service Workers, "batch cache operations").
  const oldestFirst = await cache.keys();
  let left = oldestFirst.length;
  for (const request of oldestFirst) {
    if (left <= most && !(await isTooOld(cache, request))) return;
    await cache.delete(request);
    left -= 1;
  }
}

async function isTooOld(cache: Cache, request: Request): Promise<boolean> {
  const checked = Number((await cache.match(request))?.headers.get(CHECKED_HEADER));
  return Date.now() - checked > LONGEST;
}
