import { Icon } from "../elements/icon";
import { usePlace } from "../elements/place";
import { hasEnded, type Job } from "../http/jobs";
import { ago, exactMoment } from "../language/formats";
import { hrefOf } from "../shell/routes";
import { Acts } from "./acts";
import { kindOf, nameOf, rowId } from "./naming";
import { Progress, State } from "./progress";
import { Reason } from "./reason";
import { Result } from "./result";
import "./rows.css";

/** One job of the list. */
export function Row({ of: job }: { of: Job }) {
  // A job that has ended stands in another place of the list.
  const place = usePlace<HTMLLIElement>(() => document.getElementById(rowId(job.id)));
  return (
    <li class="jobs-row" ref={place}>
      <Thumbnail of={job} />
      <div class="jobs-what">
        <h3>
          <a id={rowId(job.id)} href={hrefOf("jobs", job.id)}>
            {nameOf(job)}
          </a>
        </h3>
        <p class="quiet">
          {[kindOf(job.kind), job.format.toUpperCase(), job.style].filter(Boolean).join(" · ")}
        </p>
      </div>
      <div class="jobs-course">
        <State of={job} />
        {hasEnded(job) ? <Reason of={job} /> : <Progress of={job} />}
      </div>
      <When of={job} />
      <Acts of={job} />
    </li>
  );
}

/** The picture, small; whatever else there is to be seen has its own words beside it. */
function Thumbnail({ of: job }: { of: Job }) {
  const shows = job.state === "succeeded" && job.format !== "pdf";
  return (
    <span class="jobs-thumbnail" aria-hidden="true">
      {shows ? (
        <Result of={job} alt="" lazy>
          <Icon name="chart" />
        </Result>
      ) : (
        <Icon name="chart" />
      )}
    </span>
  );
}

/** How long ago a job was submitted; its title says exactly when. */
function When({ of: { created } }: { of: Job }) {
  const at = Date.parse(created);
  return (
    <time class="quiet jobs-when" dateTime={created} title={exactMoment(at)}>
      {ago(Math.min(at, Date.now()))}
    </time>
  );
}
