/** Jobs as a server describes them. */

import type { Job } from "../../src/client/http/jobs";

export function job(id: string, members: Partial<Job> = {}): Job {
  return {
    id,
    state: "queued",
    format: "png",
    style: "default@1",
    digest: id,
    created: "2026-11-26T05:00:00Z",
    expires: "2026-11-27T05:00:00Z",
    attempt: 0,
    attempts: 5,
    version: 1,
    ...members,
  };
}
