/** Jobs that were ordered without a network: they wait in the queue of this browser. */

import { effect, signal } from "@preact/signals";
import { draft, open, resume, saveNow } from "../charts/current";
import { EMPTY_DRAFT } from "../charts/draft";
import { news } from "../pictures/news";
import { queue, readQueue } from "../pictures/queue";
import { notify } from "../shell/notices";
import { go } from "../shell/routes";
import { database, type Queued } from "../store/database";
import { nameOf } from "./naming";
import { words } from "./words";

/** The orders that wait, and those that were refused, the newest first. */
export const orders = signal<readonly Queued[]>([]);

/** Read them. */
export async function readOrders(): Promise<void> {
  const all = await readQueue();
  const waiting = all.filter(({ headers, job }) => headers && !job);
  orders.value = waiting.sort((one, other) => other.since - one.since);
}

/** Take an order back; return what puts it in again. */
export async function takeBack(order: Queued): Promise<() => void> {
  await (await database()).delete("queue", order.place);
  await readOrders();
  return () => void putBack(order);
}

/** Say once why an order was refused for good; it stays listed with its reason. */
export async function tellRefused(order: Queued): Promise<void> {
  if (order.told) return;
  await (await database()).put("queue", { ...order, told: true });
  await words.load();
  notify(words().orders.refused(nameOf(titleOf(order)), order.fault ?? ""), {
    label: words().acts.open,
    act: () => void openOrder(order),
  });
}

/** Put what an order draws on the bench. */
export async function openOrder({ body }: Queued): Promise<void> {
  const { fromSpec } = await import("../charts/from_spec");
  // What lies on the bench is one step back, also where the chart view was not open yet.
  if (draft.value === EMPTY_DRAFT) await resume();
  open(fromSpec(JSON.parse(body) as object), null);
  saveNow();
  go("chart");
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
  await queue(order);
  await readOrders();
}
