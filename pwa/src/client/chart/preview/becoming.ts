/** The chart in work where drawing it takes long: it becomes a job, and its picture comes by that. */

import type { Format } from "../../../shared/pictures";
import { saveNow } from "../../charts/current";
import { type ChartJob, chartJob } from "../../charts/job";
import { Deferred, type Job } from "../../http/jobs";
import { Problem } from "../../http/problems";
import type { Picture } from "../../pictures/pictures";
import { drawOrQueue } from "../../pictures/queue";

/**
 * Draw the chart in work, or wait for the job that it became; `order` makes it one.
 *
 * Throws `Problem`, and `AbortError` when `signal` says so: the job goes on then.
 */
export async function pictured(
  signal: AbortSignal,
  wanted: object,
  format: Format,
  order?: string,
): Promise<Picture> {
  const known = chartJob.peek();
  if (known && isJobOf(wanted, format)) {
    const picture = await waited(signal, known).catch(unlessGone);
    if (picture) return picture;
  }
  void leaveBehind();
  try {
    return await drawOrQueue(wanted, format, signal, order);
  } catch (error) {
    if (!(error instanceof Deferred)) throw error;
    const { job, address, isNew } = error;
    const { comeBack } = await import("../../jobs/leaving");
    const own = comeBack(job.id) || isNew;
    const asked = order !== undefined;
    const became = { job, address, body: JSON.stringify(wanted), format, asked, own };
    if (asked) void followed(job);
    if (signal.aborted) {
      void leaveBehind(became);
      throw signal.reason;
    }
    keep(became);
    return waited(signal, became);
  }
}

/** Whether the chart in work became a job just as it is. */
export function isJobOf(wanted: object, format: Format): boolean {
  const job = chartJob.peek();
  return job?.format === format && job.body === JSON.stringify(wanted);
}

/** Jobs of what the chart was before, until it is sent as it is now. */
const behind: ChartJob[] = [];

/**
 * Wait no more for the job of what the chart was before.
 *
 * `cancels`: it stops some seconds after the chart is sent as it is now (`jobs/leaving.ts`), so
 * that a slip of a key can be undone. Else its end is told.
 */
export function letGo({ cancels }: { cancels: boolean }): void {
  const left = chartJob.peek();
  if (!left) return;
  keep(null);
  if (cancels) behind.push(left);
  else if (!left.asked) void followed(left.job);
}

/** Have the end of the chart's job told while the chart is out of sight. */
export function leave(): void {
  const left = chartJob.peek();
  if (left) void followed(left.job);
  void leaveBehind();
}

/** Begin the chart's job anew, where it failed. */
export async function retried(): Promise<void> {
  const last = chartJob.peek();
  if (!last) return;
  const { retryJob } = await import("../../http/jobs");
  keep({ ...last, job: await retryJob(last.job.id), own: false });
}

/** Forget the chart's job. */
export function forgetJob(): void {
  keep(null);
}

async function waited(signal: AbortSignal, awaited: ChartJob): Promise<Picture> {
  const [{ pictureOf }, { hold, release }] = await Promise.all([
    import("../../jobs/pictures"),
    import("../../jobs/holding"),
  ]);
  hold(awaited.job.id);
  const picture = await pictureOf(signal, awaited);
  void release(awaited.job.id);
  if (chartJob.peek()?.job.id === awaited.job.id) keep(null);
  return picture;
}

/** A job, or a picture, that is kept no more is drawn again. */
function unlessGone(error: unknown): null {
  const isGone = error instanceof Problem && error.kind !== "cancelled" && error.kind !== "expired";
  if (!isGone || (error.status !== 404 && error.status !== 410)) throw error;
  keep(null);
  return null;
}

async function leaveBehind(...more: readonly ChartJob[]): Promise<void> {
  const all = [...behind.splice(0), ...more];
  if (all.length === 0) return;
  const { leaveBehind: leave } = await import("../../jobs/leaving");
  for (const one of all) leave(one);
}

async function followed(job: Job): Promise<void> {
  const { follow } = await import("../../jobs/followed");
  follow(job);
}

/** Keep it with the draft, so that a reload waits on. */
function keep(job: ChartJob | null): void {
  chartJob.value = job;
  saveNow();
}
