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
  try {
    return await drawOrQueue(wanted, format, signal, order);
  } catch (error) {
    if (!(error instanceof Deferred)) throw error;
    const { job, address } = error;
    if (signal.aborted) {
      void stopped(job);
      throw signal.reason;
    }
    const asked = order !== undefined;
    const became = { job, address, body: JSON.stringify(wanted), format, asked };
    keep(became);
    if (asked) void followed(job);
    return waited(signal, became);
  }
}

/** Whether the chart in work became a job just as it is. */
export function isJobOf(wanted: object, format: Format): boolean {
  const job = chartJob.peek();
  return job?.format === format && job.body === JSON.stringify(wanted);
}

/**
 * Wait no more for the job of what the chart was before.
 *
 * `cancels`: it stops where nobody else waits for it, and nobody asked for it to be one. Else its
 * end is told.
 */
export function letGo({ cancels }: { cancels: boolean }): void {
  const left = chartJob.peek();
  if (!left) return;
  keep(null);
  if (left.asked) return;
  if (cancels) void stopped(left.job);
  else void followed(left.job);
}

/** Have the end of the chart's job told while the chart is out of sight. */
export function leave(): void {
  const left = chartJob.peek();
  if (left) void followed(left.job);
}

/** Begin the chart's job anew, where it failed. */
export async function retried(): Promise<void> {
  const last = chartJob.peek();
  if (!last) return;
  const { retryJob } = await import("../../http/jobs");
  keep({ ...last, job: await retryJob(last.job.id) });
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

async function stopped({ id }: Job): Promise<void> {
  const { release } = await import("../../jobs/holding");
  if (!(await release(id))) return;
  const { cancelJob } = await import("../../http/jobs");
  const { learn } = await import("../../jobs/known");
  await cancelJob(id).then(learn, (error: unknown) => console.info("not cancelled", error));
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
