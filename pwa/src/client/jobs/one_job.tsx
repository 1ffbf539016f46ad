import { useEffect, useState } from "preact/hooks";
import { Icon } from "../elements/icon";
import { hasEnded, type Job } from "../http/jobs";
import { bytes, exactMoment } from "../language/formats";
import { hrefOf } from "../shell/routes";
import { Acts } from "./acts";
import { known } from "./known";
import { kindOf, nameOf } from "./naming";
import { Progress, State } from "./progress";
import { Reason } from "./reason";
import { Result } from "./result";
import { refreshJob } from "./watching";
import { words } from "./words";
import "./one.css";

/** One job: its picture, or why there is none. */
export function OneJob({ id }: { id: string }) {
  const job = known.value.get(id);
  const isGone = useGone(id, job);
  return (
    <div class="jobs-one">
      <a class="jobs-back" href={hrefOf("jobs")}>
        <Icon name="back" /> {words().one.back}
      </a>
      {job && <Known of={job} />}
      {!job && isGone && <p class="jobs-note">{words().one.gone}</p>}
      {!job && !isGone && <p class="quiet">{words().loading}</p>}
    </div>
  );
}

/** Whether the server said that there is no such job. */
function useGone(id: string, job: Job | undefined): boolean {
  const [gone, setGone] = useState("");
  useEffect(() => {
    if (!job) void refreshJob(id).then((found) => setGone(found ? "" : id));
  }, [id, job === undefined]);
  return gone === id;
}

function Known({ of: job }: { of: Job }) {
  return (
    <>
      <header class="jobs-one-head">
        <div>
          <h1>{nameOf(job)}</h1>
          <div role="status">
            <State of={job} />
          </div>
        </div>
        <Acts of={job} roomy />
      </header>
      <div class="jobs-one-body">
        <Outcome of={job} />
        <Facts of={job} />
      </div>
    </>
  );
}

function Outcome({ of: job }: { of: Job }) {
  const { noPreview, picture } = words().one;
  if (!hasEnded(job)) {
    return (
      <div class="sheet jobs-outcome">
        <Progress of={job} />
      </div>
    );
  }
  if (job.state !== "succeeded") {
    return (
      <div class={`sheet jobs-outcome ${job.state}`}>
        <Reason of={job} />
      </div>
    );
  }
  if (job.format === "pdf") return <p class="sheet jobs-outcome quiet">{noPreview("PDF")}</p>;
  return (
    <div class="sheet jobs-outcome picture">
      <Result of={job} alt={picture(nameOf(job))}>
        <p class="jobs-unfetched quiet">
          <Icon name="chart" /> {words().bench.unfetched}
        </p>
      </Result>
    </div>
  );
}

function Facts({ of: job }: { of: Job }) {
  const { one } = words();
  const facts: [string, string | undefined][] = [
    [one.kind, kindOf(job.kind)],
    [one.format, job.format.toUpperCase()],
    [one.style, job.style],
    [one.submitted, exactly(job.created)],
    [one.began, exactly(job.started)],
    [one.ended, exactly(job.ended)],
    [one.attempts, job.attempt > 1 ? `${job.attempt}` : undefined],
    [one.size, job.result && bytes(job.result.size)],
    [hasEnded(job) ? one.expires : one.waitsUntil, exactly(job.expires)],
    [one.warnings, job.result?.warnings?.join(" ")],
  ];
  return (
    <dl class="jobs-facts" aria-label={one.facts}>
      {facts.map(([name, value]) =>
        value ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function exactly(moment: string | undefined): string | undefined {
  return moment && exactMoment(Date.parse(moment));
}
