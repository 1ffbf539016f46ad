import { useEffect } from "preact/hooks";
import { lazy } from "../elements/lazy";
import type { View } from "../shell/routes";
import { hrefOf } from "../shell/routes";
import { Away, Empty } from "./empty";
import { FILTERS, type Filter, lists, loadMore, trouble } from "./list";
import { filterOf, keepLooking } from "./looking";
import { MOST, type Shown } from "./merging";
import { OneEvent } from "./one_event";
import { Row, rowId } from "./row";
import { Tile } from "./tile";
import { Trouble } from "./trouble";
import { words } from "./words";
import "./events.css";

/** `argument` is empty for all events, `failed`, or the number of one. */
function Events({ argument }: { argument: string }) {
  useEffect(() => keepLooking(argument), [argument]);
  const filter = filterOf(argument);
  return (
    <div class="events">{filter ? <All filter={filter} /> : <OneEvent argument={argument} />}</div>
  );
}

function All({ filter }: { filter: Filter }) {
  const away = trouble.value?.status === 404;
  const closed = trouble.value?.status === 403;
  return (
    <>
      <header class="events-head">
        <div>
          <h1>{words().title}</h1>
          <p class="quiet">{words().lead}</p>
        </div>
        {!away && !closed && <Filters current={filter} />}
      </header>
      <Tile />
      {closed && <Lacking scope="admin" />}
      {away && <Away />}
      {!away && !closed && <List filter={filter} />}
    </>
  );
}

const Lacking = lazy(() => import("../session/lacking").then((part) => part.Lacking), 40);

function Filters({ current }: { current: Filter }) {
  return (
    <nav class="events-filters" aria-label={words().filter}>
      {FILTERS.map((filter) => (
        <a
          key={filter}
          href={hrefOf("events", filter === "all" ? "" : filter)}
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
  return (
    <section aria-label={words().list[filter]}>
      {trouble.value && <Trouble problem={trouble.value} old={shown !== null} />}
      {shown && <Known filter={filter} shown={shown} />}
      {!shown && !trouble.value && <p class="quiet events-waiting">{words().loading}</p>}
    </section>
  );
}

function Known({ filter, shown }: { filter: Filter; shown: Shown }) {
  if (shown.events.length === 0) {
    if (filter === "all") return <Empty />;
    return <p class="quiet events-waiting">{words().nothingFailed}</p>;
  }
  return (
    <>
      <h2 class="said">{words().list[filter]}</h2>
      <ul class="sheet events-rows">
        {shown.events.map((event) => (
          <Row key={event.number} event={event} />
        ))}
      </ul>
      <More filter={filter} shown={shown} />
    </>
  );
}

function More({ filter, shown: { events, before } }: { filter: Filter; shown: Shown }) {
  if (before === undefined) return null;
  if (events.length >= MOST) {
    const command = filter === "all" ? "list" : "dead-letters";
    return (
      <p class="quiet events-more">
        {words().further} <code>{`plotkiln events ${command} --before ${before}`}</code>
      </p>
    );
  }
  return (
    <p class="events-more">
      <button type="button" onClick={() => void loadMore(filter).then(goTo)}>
        {words().more}
      </button>
    </p>
  );
}

/** Bring the keyboard to the first of the events that came, once it is on the page. */
function goTo(number: number | undefined): void {
  if (number !== undefined)
    requestAnimationFrame(() => document.getElementById(rowId(number))?.focus());
}

const view: View = { component: Events, load: words.load };

export default view;
