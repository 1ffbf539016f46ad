/** Charts that wait for the network: drawn when it is back, whether or not a page is open. */

import type { Queued } from "../shared/database";
import { tell } from "./news";
import { draw, faultOf, find, isPicture, PASSING, store } from "./pictures";
import { within } from "./records";

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
  const left: string[] = [];
  for (;;) {
    const all: Queued[] = await within("queue", (queue) => queue.getAll());
    const waiting = all.filter(({ fault, job, key }) => !fault && !job && !left.includes(key));
    const [oldest] = waiting.sort((a, b) => a.since - b.since);
    if (!oldest) break;
    if (await isLeft(oldest)) left.push(oldest.key);
  }
  // Background Sync takes 5xx for success: throwing makes it come back.
  if (left[0]) throw new Error(left[0]);
}

/** Draw a chart; return whether it waits on. Rejects where no other could be drawn either. */
async function isLeft(queued: Queued): Promise<boolean> {
  const { key } = queued;
  let became: Pick<Queued, "fault" | "job"> | undefined;
  if (!(await find(key))) {
    const answer = await draw(queued).catch(async (error: unknown) => {
      await tell({ type: "unreachable", key });
      throw error;
    });
    const { status } = answer;
    if (isPicture(answer)) await store(key, answer);
    else if (status === 202) became = { job: answer.headers.get("Location") ?? "" };
    // Nor is it for good that nobody is signed in, or that the server has a fault.
    else if (status === 401 || status >= 500 || PASSING.includes(status)) return true;
    else became = { fault: await faultOf(answer) };
  }
  await settle(queued, became);
  await tell({ type: "drained", key });
  return false;
}

/** Take a chart out of the queue, or write down what became of it, unless another took its place. */
async function settle(queued: Queued, became?: Partial<Queued>): Promise<void> {
  await within("queue", (queue) => {
    const asked = queue.get(queued.place);
    asked.onsuccess = () => {
      if (asked.result?.key !== queued.key) return;
      if (became) queue.put({ ...queued, ...became });
      else queue.delete(queued.place);
    };
    return asked;
  });
}
