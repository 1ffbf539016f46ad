import { useEffect } from "preact/hooks";
import { chartJob } from "../../charts/job";
import { Icon } from "../../elements/icon";
import { usePlace } from "../../elements/place";
import { hasEnded, type Job } from "../../http/jobs";
import { Problem } from "../../http/problems";
import { cancel } from "../../jobs/actions";
import { Tell } from "../../jobs/acts";
import { known, learn } from "../../jobs/known";
import { Progress, State } from "../../jobs/progress";
import { Reason } from "../../jobs/reason";
import { words } from "../../jobs/words";
import { notify } from "../../shell/notices";
import { hrefOf } from "../../shell/routes";
import { forgetJob, retried } from "./becoming";
import { drawAgain, isUnfetched } from "./drawing";
import "./job_of_chart.css";

await words.load();

/** The job that the chart in work became, over its last picture. */
export function JobOfChart() {
  const first = chartJob.value?.job;
  useEffect(() => {
    if (first) learn(first);
  }, [first]);
  if (!first) return null;
  if (isUnfetched.value) return <Unfetched />;
  const job = known.value.get(first.id) ?? first;
  return hasEnded(job) ? <Ended of={job} /> : <UnderWay of={job} />;
}

function UnderWay({ of: job }: { of: Job }) {
  const { leave, list, title } = words().bench;
  useEffect(goOn, []);
  return (
    <section class="job-of-chart" aria-label={title} ref={usePlace(onStage)}>
      <h3>{title}</h3>
      <State of={job} />
      <Progress of={job} />
      <p class="quiet">
        {leave} <a href={hrefOf("jobs")}>{list}</a>
      </p>
      <div class="row">
        <Tell of={job} />
        <button type="button" onClick={() => void cancel(job, { says: false })}>
          {words().acts.cancel}
        </button>
      </div>
    </section>
  );
}

function Ended({ of: job }: { of: Job }) {
  const { bench } = words();
  const place = usePlace<HTMLElement>(onStage);
  // Its picture is being fetched.
  if (job.state === "succeeded") return null;
  const isFailed = job.state === "failed";
  return (
    <section class={`job-of-chart ${job.state}`} aria-label={words().states[job.state]} ref={place}>
      <div role="alert">
        {isFailed && (
          <h3>
            <Icon name="warning" /> {bench.failed}
          </h3>
        )}
        {job.state === "cancelled" && <p>{bench.cancelled}</p>}
        {job.state === "expired" && <p>{bench.expired}</p>}
        {isFailed && <Reason of={job} />}
      </div>
      <div class="row">
        <button type="button" onClick={() => void (isFailed ? again() : drawAnew())}>
          <Icon name="fresh" /> {isFailed ? words().acts.retry : bench.draw}
        </button>
      </div>
    </section>
  );
}

/** Its picture is there, but did not come. */
function Unfetched() {
  const { acts, bench } = words();
  return (
    <section class="job-of-chart" aria-label={bench.unfetched} ref={usePlace(onStage)}>
      <p role="alert">
        <Icon name="warning" /> {bench.unfetched}
      </p>
      <div class="row">
        <button type="button" onClick={drawAgain}>
          <Icon name="fresh" /> {acts.retry}
        </button>
      </div>
    </section>
  );
}

/** Where the keyboard goes on: the last button over the stage, else the stage until there is one. */
function onStage(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".job-of-chart .row button:last-child") ?? stage();
}

function goOn(): void {
  if (stage() === document.activeElement) onStage()?.focus();
}

function stage(): HTMLElement | null {
  return document.querySelector(".preview-stage");
}

function drawAnew(): void {
  forgetJob();
  drawAgain();
}

async function again(): Promise<void> {
  try {
    await retried();
    drawAgain();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    notify(words().notDone(error.kind === "offline" ? words().offline : error.message));
  }
}
