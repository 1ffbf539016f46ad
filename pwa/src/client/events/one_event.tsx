import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../elements/icon";
import { hrefOf } from "../shell/routes";
import { Deliveries } from "./delivery";
import { Contents } from "./details";
import { type One, one } from "./one";
import { ReplayButton } from "./replay_button";
import { When } from "./row";
import { Trouble } from "./trouble";
import { words } from "./words";

/** One event, whether the list still holds it or not. */
export function OneEvent({ argument }: { argument: string }) {
  const found = one.value?.asked === argument ? one.value : null;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [argument]);
  return (
    <>
      <a class="events-back" href={hrefOf("events")}>
        <Icon name="back" /> {words().one.back}
      </a>
      <h1 ref={heading} tabIndex={-1}>
        {words().number(Number(argument) || 0)}
      </h1>
      {found ? <Found {...found} /> : <p class="quiet events-waiting">{words().loading}</p>}
    </>
  );
}

function Found({ asked, event, problem }: One) {
  if (problem?.status === 404) return <p class="events-note">{words().one.gone(asked)}</p>;
  return (
    <>
      {problem && <Trouble problem={problem} old={event !== null} />}
      {event && (
        <div class="sheet events-one">
          <div class="events-line">
            <div class="events-what">
              <h2>
                {event.type}
                {event.subject && <span class="events-subject"> {event.subject}</span>}
              </h2>
              <p class="quiet events-facts">{words().from(event.source)}</p>
            </div>
            <Deliveries of={event} />
            <When of={event} />
            <ReplayButton of={event} />
          </div>
          <Contents event={event} heading="h3" />
        </div>
      )}
    </>
  );
}
