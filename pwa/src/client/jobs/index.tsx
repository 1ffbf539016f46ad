import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon } from "../elements/icon";
import { lazy } from "../elements/lazy";
import { hasEnded, type Job } from "../http/jobs";
import { online } from "../pictures/connection";
import type { View } from "../shell/routes";
import { hrefOf } from "../shell/routes";
import { known } from "./known";
import { FILTERS, type Filter, lists, loadMore, refresh, seenUnderWay, trouble } from "./list";
import { filterOf, keepLooking } from "./looking";
import { nameOf, rowId } from "./naming";
import { OneJob } from "./one_job";
import { Orders } from "./order_list";
import { orders } from "./orders";
import { grouped, type Shown } from "./pages";
import { Row } from "./row";
import { Trouble } from "./trouble";
import { words } from "./words";
import "./jobs.css";

/** `argument` is empty for all jobs, `active`, or the id of one. */
function Jobs({ argument }: { argument: string }) {
  useEffect(() => keepLooking(argument), [argument, online.value]);
  const filter = filterOf(argument);
  return <div class="jobs">{filter ? <All filter={filter} /> : <OneJob id={argument} />}</div>;
}

function All({ filter }: { filter: Filter }) {
  const closed = trouble.value?.status === 403;
  return (
    <>
      <header class="jobs-head">
        <div>
          <h1>{words().title}</h1>
          <p class="quiet">{words().lead}</p>
        </div>
        {!closed && <Filters current={filter} />}
      </header>
      <Orders />
      {closed ? <Lacking scope="jobs" /> : <List filter={filter} />}
      <Ends />
    </>
  );
}

const Lacking = lazy(() => import("../session/lacking").then((part) => part.Lacking), 40);

function Filters({ current }: { current: Filter }) {
  return (
    <nav class="jobs-filters" aria-label={words().filter}>
      {FILTERS.map((filter) => (
        <a
          key={filter}
          href={hrefOf("jobs", filter === "all" ? "" : filter)}
          aria-current={filter === current ? "true" : undefined}
        >
          {words().filters[filter]}
        </a>
      ))}
    </nav>
  );
}

function List({ filter }: { filter: Filter }) {
  const shown = lists[filter].value;
  const problem = trouble.value;
  const retry = () => void refresh(filter);
  return (
    <section aria-label={words().list[filter]}>
      {problem && <Trouble problem={problem} old={shown !== null} retry={retry} />}
      {shown && <Known filter={filter} shown={shown} />}
      {!shown && !problem && <p class="quiet jobs-waiting">{words().loading}</p>}
    </section>
  );
}

function Known({ filter, shown }: { filter: Filter; shown: Shown }) {
  const jobs = shown.ids.flatMap((id) => known.value.get(id) ?? []);
  const { underWay, over } =
    filter === "all"
      ? grouped(shown, seenUnderWay.value, known.value)
      : { underWay: [], over: jobs };
  if (underWay.length + over.length === 0) {
    if (filter === "active") return <p class="quiet jobs-waiting">{words().nothingActive}</p>;
    return orders.value.length > 0 ? null : <Empty />;
  }
  return (
    <>
      {underWay.length === 0 && <h2 class="said">{words().list[filter]}</h2>}
      <Rows title={words().filters.active} of={underWay} />
      <Rows title={underWay.length > 0 ? words().over : ""} of={over} />
      {shown.before !== undefined && (
        <p class="jobs-more">
          <button type="button" onClick={() => void loadMore(filter).then(goTo)}>
            {words().more}
          </button>
        </p>
      )}
    </>
  );
}

function Rows({ title, of: jobs }: { title: string; of: readonly Job[] }) {
  if (jobs.length === 0) return null;
  return (
    <div class="jobs-group">
      {title && <h2>{title}</h2>}
      <ul class="sheet jobs-rows">
        {jobs.map((job) => (
          <Row key={job.id} of={job} />
        ))}
      </ul>
    </div>
  );
}

/** How the first job comes about. */
function Empty() {
  const { act, hint, title } = words().empty;
  return (
    <div class="jobs-empty">
      <Icon name="jobs" />
      <h3>{title}</h3>
      <p class="quiet">{hint}</p>
      <a class="button" href={hrefOf("chart")}>
        {act}
      </a>
    </div>
  );
}

/** Which job ended last while the list was looked at: a screen reader says that, and no percents. */
function Ends() {
  useEffect(beginToNote, []);
  return (
    <p class="said" role="status">
      {lastEnd.value}
    </p>
  );
}

const lastEnd = signal("");
let underWay: ReadonlySet<string> = new Set();

/** What ended while nobody looked at the list is no news. */
function beginToNote(): () => void {
  underWay = new Set();
  lastEnd.value = "";
  return effect(takeNoteOfEnds);
}

function takeNoteOfEnds(): void {
  const jobs = [...known.value.values()];
  const ended = jobs.find((job) => hasEnded(job) && underWay.has(job.id));
  underWay = new Set(jobs.filter((job) => !hasEnded(job)).map(({ id }) => id));
  if (ended) lastEnd.value = words().ended[ended.state]?.(nameOf(ended)) ?? "";
}

/** Bring the keyboard to the first of the jobs that came, once it is on the page. */
function goTo(id: string | undefined): void {
  if (id) requestAnimationFrame(() => document.getElementById(rowId(id))?.focus());
}

const view: View = { component: Jobs, load: words.load };

export default view;
