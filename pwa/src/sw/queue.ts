/** Charts that wait for the network: drawn when it is back, whether or not a page is open. */

import type { Queued } from "../shared/database";
import { tell } from "./news";
import { draw, faultOf, find, isPicture, store } from "./pictures";
import { within } from "./records";

/** Refusals that may not be for good: too slow, too early, too many. */
const PASSING = [408, 425, 429];

let draining: Promise<void> | undefined;

/** Draw what waits, one after the other; rejects when something is left that may succeed later. */
export function drain(): Promise<void> {
  draining ??= drawAll().finally(() => {
    draining = undefined;
  });
  return draining;
}

/** Whoever joins may have added something: the queue is read again for each. */
async function drawAll(): Promise<void> {
  for (;;) {
    const all: Queued[] = await within("queue", (queue) => queue.getAll());
    const [oldest] = all.filter(({ fault }) => !fault).sort((a, b) => a.since - b.since);
    if (!oldest) return;
    await drawOne(oldest);
  }
}

async function drawOne(queued: Queued): Promise<void> {
  const { key } = queued;
  if (!(await find(key))) {
    const answer = await draw(queued).catch(async (error: unknown) => {
      await tell({ type: "unreachable", key });
      throw error;
    });
    if (!isPicture(answer)) return refused(queued, answer);
    await store(key, answer);
  }
  await settle(queued);
  await tell({ type: "drained", key });
}

async function refused(queued: Queued, answer: Response): Promise<void> {
  const { status } = answer;
  // Background Sync takes 5xx for success: throwing makes it come back.
  if (status >= 500 || PASSING.includes(status)) throw new Error(`/plot: ${status}`);
  const fault = await faultOf(answer);
  await settle(queued, fault);
  await tell({ type: "drained", key: queued.key, fault });
}

/** Take a chart out of the queue, or write down why it failed, unless another took its place. */
async function settle(queued: Queued, fault?: string): Promise<void> {
  await within("queue", (queue) => {
    const asked = queue.get(queued.place);
    asked.onsuccess = () => {
      if (asked.result?.key !== queued.key) return;
      if (fault) queue.put({ ...queued, fault });
      else queue.delete(queued.place);
    };
    return asked;
  });
}
