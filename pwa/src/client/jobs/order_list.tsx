import { useEffect } from "preact/hooks";
import { Icon } from "../elements/icon";
import { ago } from "../language/formats";
import { notify } from "../shell/notices";
import type { Queued } from "../store/database";
import { nameOf } from "./naming";
import { followOrders, orders, takeBack, titleOf } from "./orders";
import { words } from "./words";

/** Jobs that could not be sent yet. */
export function Orders() {
  useEffect(followOrders, []);
  if (orders.value.length === 0) return null;
  const { hint, title } = words().orders;
  return (
    <section class="jobs-orders" aria-label={title}>
      <h2>
        <Icon name="wait" /> {title}
      </h2>
      <p class="quiet">{hint}</p>
      <ul class="sheet jobs-rows">
        {orders.value.map((order) => (
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
      <span>{name}</span>
      <time class="quiet" dateTime={new Date(order.since).toISOString()}>
        {ago(order.since)}
      </time>
      <button type="button" aria-label={words().of(remove, name)} onClick={() => void act()}>
        {remove}
      </button>
    </li>
  );
}
