import { useId, useState } from "preact/hooks";
import { Icon } from "../elements/icon";
import type { ListedEvent } from "../http/events";
import { ago, exactMoment } from "../language/formats";
import { Deliveries } from "./delivery";
import { Details } from "./details";
import { ReplayButton } from "./replay_button";
import { words } from "./words";
import "./rows.css";

/** One event of the list; it opens where it stands. */
export function Row({ event }: { event: ListedEvent }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <li class="events-row">
      <div class="events-line">
        <div class="events-what">
          <h3>
            <button
              type="button"
              class="events-open"
              id={rowId(event.number)}
              aria-expanded={open}
              aria-controls={`${id}-details`}
              aria-describedby={`${id}-facts`}
              onClick={() => setOpen(!open)}
            >
              <Icon name="chevron" />
              <span>
                {event.type}
                {event.subject && (
                  <>
                    {" "}
                    <span class="events-subject">{event.subject}</span>
                  </>
                )}
              </span>
            </button>
          </h3>
          <p id={`${id}-facts`} class="quiet events-facts">
            {words().number(event.number)} {words().from(event.source)}
          </p>
        </div>
        <Deliveries of={event} />
        <When of={event} />
        <ReplayButton of={event} />
      </div>
      <div id={`${id}-details`} hidden={!open}>
        {open && <Details number={event.number} />}
      </div>
    </li>
  );
}

/** Return the id of what opens an event. */
export function rowId(number: number): string {
  return `event-${number}`;
}

/** How long ago an event arrived; its title says exactly when. */
export function When({ of: { arrived } }: { of: ListedEvent }) {
  const at = Date.parse(arrived);
  return (
    <time class="quiet events-when" dateTime={arrived} title={exactMoment(at)}>
      {ago(Math.min(at, Date.now()))}
    </time>
  );
}
