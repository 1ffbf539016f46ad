import { Icon, type IconName } from "../elements/icon";
import type { Delivery, DeliveryState, ListedEvent } from "../http/events";
import { ago } from "../language/formats";
import { triggerName } from "./names";
import { words } from "./words";

const ICONS: Record<DeliveryState, IconName> = {
  waiting: "wait",
  delivered: "check",
  dead: "warning",
};

/** Where an event went, and what became of it there. */
export function Deliveries({ of: { broker, deliveries } }: { of: ListedEvent }) {
  if (deliveries.length === 0) {
    return <p class="quiet events-course events-unwanted">{words().delivery.unwanted}</p>;
  }
  return (
    <ul class="events-course events-deliveries">
      {deliveries.map((delivery) => (
        <Went
          key={`${delivery.trigger} ${delivery.dead_letter}`}
          broker={broker}
          delivery={delivery}
        />
      ))}
    </ul>
  );
}

function Went({ broker, delivery }: { broker: string; delivery: Delivery }) {
  const { state } = delivery;
  const { letter } = words().delivery;
  const name = triggerName(delivery.trigger, broker);
  const reason = reasonOf(delivery);
  return (
    <li class={`events-delivery ${state}`}>
      <Icon name={ICONS[state]} />
      <div>
        <p>
          <strong>{words().states[state]}</strong>{" "}
          <span title={delivery.trigger}>{delivery.dead_letter ? letter(name) : name}</span>{" "}
          <span class="quiet">{courseOf(delivery)}</span>
        </p>
        {reason && <p class="events-reason">{reason}</p>}
      </div>
    </li>
  );
}

/** Say how often it was tried, and when it is tried next. */
function courseOf({ state, attempts, due }: Delivery): string {
  const { onItsWay, now, next, attempts: after } = words().delivery;
  if (state !== "waiting") return attempts > 1 || state === "dead" ? after(attempts) : "";
  if (attempts === 0) return onItsWay;
  const when = Date.parse(due);
  return when <= Date.now() ? now(attempts) : next(ago(when), attempts);
}

/** Say what the last attempt came to, where it did not simply succeed. */
function reasonOf({ state, attempts, status, detail }: Delivery): string {
  const { last, noAnswer } = words().delivery;
  if (state === "delivered") return detail;
  if (attempts === 0) return "";
  return last(status === 0 ? noAnswer : String(status), detail);
}
