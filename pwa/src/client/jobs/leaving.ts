/** Jobs of what the chart in work was before: stopped where nobody else wants them. */

import type { ChartJob } from "../charts/job";
import { cancelJob } from "../http/jobs";
import { isFollowed } from "./followed";
import { release } from "./holding";
import { learn } from "./known";

/** Milliseconds within which an undo, or another tab, finds a job as it was left. */
const GRACE = 5_000;

/** Job → what is left of it, and what stops it. */
const left = new Map<string, { own: boolean; timer: ReturnType<typeof setTimeout> }>();

/** Stop a job in a while: only one that this page began, and that nobody waits for. */
export function leaveBehind({ job: { id }, asked, own }: ChartJob): void {
  comeBack(id);
  if (asked) return;
  left.set(id, { own, timer: setTimeout(() => void stop(id, own), GRACE) });
}

/** Keep a job that is waited for once more; return whether this page had begun it. */
export function comeBack(id: string): boolean {
  const { own = false, timer } = left.get(id) ?? {};
  clearTimeout(timer);
  left.delete(id);
  return own;
}

async function stop(id: string, own: boolean): Promise<void> {
  left.delete(id);
  const isLast = await release(id);
  if (!own || !isLast || isFollowed(id)) return;
  await cancelJob(id).then(learn, (error: unknown) => console.info("not cancelled", error));
}
