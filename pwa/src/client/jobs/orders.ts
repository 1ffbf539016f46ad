/** Jobs that were ordered without a network: they wait in the queue of this browser. */

import { effect, signal } from "@preact/signals";
import { news } from "../pictures/news";
import { readQueue } from "../pictures/queue";
import { database, type Queued } from "../store/database";

/** The orders that wait, the newest first. */
export const orders = signal<readonly Queued[]>([]);

/** Read them. */
export async function readOrders(): Promise<void> {
  const all = await readQueue();
  const waiting = all.filter(({ headers, job, fault }) => headers && !job && !fault);
  orders.value = waiting.sort((one, other) => other.since - one.since);
}

/** Take an order back; return what puts it in again. */
export async function takeBack(order: Queued): Promise<() => void> {
  await (await database()).delete("queue", order.place);
  await readOrders();
  return () => void putBack(order);
}

/** Return what an order calls itself. */
export function titleOf({ body }: Queued): { title?: string; kind?: string } {
  const { title, template, params } = JSON.parse(body) as {
    title?: unknown;
    template?: unknown;
    params?: { title?: unknown };
  };
  const given = title ?? params?.title;
  return {
    ...(typeof given === "string" && { title: given }),
    ...(typeof template === "string" && { kind: template }),
  };
}

/** Read them anew whenever the worker has sent one; return what ends that. */
export function followOrders(): () => void {
  return effect(() => {
    if (news.value?.type === "drained") void readOrders();
  });
}

async function putBack(order: Queued): Promise<void> {
  await (await database()).put("queue", order);
  await readOrders();
}
