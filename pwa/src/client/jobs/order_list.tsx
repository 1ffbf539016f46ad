import { useEffect } from "preact/hooks";
import { Icon, type IconName } from "../elements/icon";
import { ago } from "../language/formats";
import { notify } from "../shell/notices";
import type { Queued } from "../store/database";
import { nameOf } from "./naming";
import { followOrders, openOrder, orders, takeBack, titleOf } from "./orders";
import { words } from "./words";

/** Jobs that could not be sent yet, and those that were refused when they could. */
export function Orders() {
  useEffect(followOrders, []);
  const { hint, refusedHint, refusedTitle, title } = words().orders;
  const waiting = orders.value.filter(({ fault }) => !fault);
  const refused = orders.value.filter(({ fault }) => fault);
  return (
    <>
      <Group icon="warning" title={refusedTitle} hint={refusedHint} of={refused} />
      <Group icon="wait" title={title} hint={hint} of={waiting} />
    </>
  );
}

interface GroupProps {
  icon: IconName;
  title: string;
  hint: string;
  of: readonly Queued[];
}

function Group({ icon, title, hint, of: some }: GroupProps) {
  if (some.length === 0) return null;
  return (
    <section class="jobs-orders" aria-label={title}>
      <h2>
        <Icon name={icon} /> {title}
      </h2>
      <p class="quiet">{hint}</p>
      <ul class="sheet jobs-rows">
        {some.map((order) => (
          <Order key={order.place} of={order} />
        ))}
      </ul>
    </section>
  );
}

function Order({ of: order }: { of: Queued }) {
  const name = nameOf(titleOf(order));
  const { remove, removed, undo } = words().orders;
  const act = async () => {
    const putBack = await takeBack(order);
    notify(removed(name), { label: undo, act: putBack });
  };
  return (
    <li class="jobs-order">
      <span>
        {name}
        {order.fault && <span class="jobs-reason">{order.fault}</span>}
      </span>
      <time class="quiet" dateTime={new Date(order.since).toISOString()}>
        {ago(order.since)}
      </time>
      {order.fault && (
        <button
          type="button"
          aria-label={words().of(words().acts.open, name)}
          onClick={() => void openOrder(order)}
        >
          {words().acts.open}
        </button>
      )}
      <button type="button" aria-label={words().of(remove, name)} onClick={() => void act()}>
        {remove}
      </button>
    </li>
  );
}
