/** The end of a job, waited for. */

import { hasEnded, type Job, JobFault } from "../http/jobs";
import { Problem } from "../http/problems";
import { known, learn } from "./known";
import { refreshJob } from "./watching";

/**
 * Return a job as it is when it has ended.
 *
 * Throws `AbortError` when `signal` says so, and `Problem` of status 404 where it is kept no more.
 */
export function ended(signal: AbortSignal, job: Job): Promise<Job> {
  learn(job);
  return new Promise((resolve, reject) => {
    const settling = new AbortController();
    const settle = (jobs: ReadonlyMap<string, Job>) => {
      const now = jobs.get(job.id);
      if (settling.signal.aborted || (now && !hasEnded(now))) return;
      settling.abort();
      if (now) resolve(now);
      else reject(new Problem({ type: "#not-found", title: "" }, 404));
    };
    const stop = known.subscribe(settle);
    settling.signal.addEventListener("abort", stop, { once: true });
    if (settling.signal.aborted) return stop();
    const giveUp = () => {
      settling.abort();
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true, signal: settling.signal });
    // It may have ended since it was last heard of.
    void refreshJob(job.id);
  });
}

/** Return why a job that ended has no picture. */
export function faultOf({ problem, state }: Job): JobFault {
  if (state === "failed") return new JobFault(problem ?? {}, problem?.status ?? 422);
  return new JobFault({ type: `#${state}`, title: "" }, 410);
}
