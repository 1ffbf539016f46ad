import { useEffect, useState } from "preact/hooks";
import { Icon, type IconName } from "../elements/icon";
import type { Job, JobState } from "../http/jobs";
import { number } from "../language/formats";
import { isUsed } from "../pictures/use";
import { lengthInWords } from "./length";
import { nameOf } from "./naming";
import { lengthOf } from "./pictures";
import { words } from "./words";
import "./progress.css";

const ICONS: Record<JobState, IconName> = {
  queued: "wait",
  running: "fresh",
  succeeded: "check",
  failed: "warning",
  cancelled: "close",
  expired: "history",
};

/** How a job stands, as a drawing and in words. */
export function State({ of: job }: { of: Job }) {
  return (
    <p class={`job-state ${job.state}`}>
      <Icon name={ICONS[job.state]} />
      <strong>{words().states[job.state]}</strong>
      <span class="quiet">{useLength(job)}</span>
    </p>
  );
}

/** How far a job is that is under way: what is done now, and its share of the whole. */
export function Progress({ of: job }: { of: Job }) {
  const { again, reason } = words();
  return (
    <div class="job-progress">
      <Bar of={job} />
      <p class="quiet">
        <span>{stageOf(job)}</span>
        {share(job) !== null && <span class="job-share">{words().percent(`${share(job)}`)}</span>}
      </p>
      {job.attempt > 1 && <p class="quiet">{again(job.attempt, job.attempts)}</p>}
      {job.problem?.detail && <p class="quiet job-reason">{reason(job.problem.detail)}</p>}
    </div>
  );
}

function Bar({ of: job }: { of: Job }) {
  const known = job.progress?.fraction;
  const label = words().progress(nameOf(job));
  if (job.state === "queued")
    return <progress class="job-bar idle" max={1} value={0} aria-label={label} />;
  return <progress class="job-bar" max={1} value={known} aria-label={label} />;
}

/** Return for how long it is being drawn, or was. */
function useLength(job: Job): string {
  const since = job.state === "running" && job.started ? Date.parse(job.started) : null;
  const now = useNow(since !== null, job.version);
  const took = lengthOf(job);
  if (since !== null) return words().elapsed(lengthInWords(now - since));
  return job.state === "succeeded" && took !== null
    ? words().took(lengthInWords(took, { exactly: true }))
    : "";
}

/** Return the time, told anew with each news, and every second while it matters to somebody there. */
function useNow(matters: boolean, news: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!matters) return undefined;
    setNow(Date.now());
    const tick = setInterval(() => isUsed() && setNow(Date.now()), 1_000);
    return () => clearInterval(tick);
  }, [matters, news]);
  return now;
}

/** A template's own words go over the name of the stage. */
function stageOf({ progress, state }: Job): string {
  if (state === "queued") return words().next;
  const { message, stage = "build" } = progress ?? {};
  return message || (words().stages[stage] ?? stage);
}

/** Return whole percents; null where nobody knows. */
function share({ progress, state }: Job): string | null {
  if (state !== "running" || !progress) return null;
  return number(Math.floor(progress.fraction * 100));
}
