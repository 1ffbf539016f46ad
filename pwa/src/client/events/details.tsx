import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { addressOf, readEvent, type StoredEvent } from "../http/events";
import type { Problem } from "../http/problems";
import { bytes, exactMoment } from "../language/formats";
import { hrefOf } from "../shell/routes";
import { attributesOf, carriedBy } from "./data";
import { asProblem, lists } from "./list";
import { Trouble } from "./trouble";
import { words } from "./words";
import "./details.css";

/** What an event of the list holds, read when it is opened: it never changes. */
export function Details({ number }: { number: number }) {
  const [event, setEvent] = useState<StoredEvent | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const read = () => {
    readEvent(number).then(
      (found) => {
        setEvent(found);
        setProblem(null);
      },
      (error: unknown) => setProblem(asProblem(error)),
    );
  };
  useEffect(read, [number]);
  if (event) return <Contents event={event} heading="h4" />;
  if (problem?.status === 404) {
    return <p class="events-note">{words().one.gone(String(number))}</p>;
  }
  if (problem) return <Trouble problem={problem} retry={read} />;
  return <p class="quiet events-waiting">{words().details.loading}</p>;
}

interface ContentsProps {
  event: StoredEvent;
  /** That of its parts: one below the event's own. */
  heading: "h3" | "h4";
}

/** The attributes of an event, its data, and the events before and after it. */
export function Contents({ event, heading: Heading }: ContentsProps) {
  const { attributes, data, json } = words().details;
  return (
    <div class="events-details">
      <section aria-label={attributes}>
        <Heading>{attributes}</Heading>
        <Attributes event={event} />
      </section>
      <section aria-label={data}>
        <Heading>{data}</Heading>
        <Data event={event} />
        <p>
          <a href={addressOf(event.number)}>{json}</a>
        </p>
      </section>
    </div>
  );
}

function Attributes({ event }: { event: StoredEvent }) {
  const { arrived, broker, replies, reply } = words().details;
  const answers = repliesTo(event.number);
  return (
    <dl>
      {attributesOf(event.event).map(([name, value]) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
      <Fact name={arrived}>{exactMoment(Date.parse(event.arrived))}</Fact>
      <Fact name={broker}>{event.broker}</Fact>
      {event.cause !== null && (
        <Fact name={reply}>
          <EventLink number={event.cause} />
        </Fact>
      )}
      {answers.length > 0 && (
        <Fact name={replies}>
          {answers.map((number) => (
            <EventLink key={number} number={number} />
          ))}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function EventLink({ number }: { number: number }) {
  return <a href={hrefOf("events", String(number))}>{words().details.event(number)}</a>;
}

function Data({ event: { event } }: { event: StoredEvent }) {
  const { binary, cut, noData } = words().details;
  const carried = carriedBy(event);
  if (carried.kind === "none") return <p class="quiet">{noData}</p>;
  if (carried.kind === "binary") return <p class="quiet">{binary(bytes(carried.bytes))}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by the keyboard too */}
      <pre tabIndex={0}>{carried.text}</pre>
      {carried.cut && <p class="quiet">{cut(bytes(carried.length))}</p>}
    </>
  );
}

/** Return the numbers of the replies among the events that are known here. */
function repliesTo(number: number): readonly number[] {
  const known = lists.all.value?.events ?? [];
  return known.filter(({ cause }) => cause === number).map((event) => event.number);
}
