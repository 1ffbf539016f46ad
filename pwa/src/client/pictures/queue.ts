/** Charts that wait for the network: they survive a reload, and are drawn when it is back. */

import { signal } from "@preact/signals";
import { DRAIN, type Format, MEDIA_TYPES, pictureKey } from "../../shared/pictures";
import { asJob, Deferred } from "../http/jobs";
import { Problem } from "../http/problems";
import { owner } from "../session/remembered";
import { signedOut } from "../session/session";
import { database, type Queued } from "../store/database";
import { online } from "./connection";
import { ask } from "./news";
import { draw, type Picture } from "./pictures";
import { isUsed, onReturn } from "./use";

/** The place of the chart in work; charts of the gallery wait under their id. */
export const BENCH = "bench";

/** Milliseconds between two tries while a busy server refuses. */
const EVERY = 15_000;

/** The keys of the pictures that wait. */
export const queued = signal<ReadonlySet<string>>(new Set());

/** Read what waits, and have it drawn whenever the network comes back. */
export async function startQueue(): Promise<void> {
  online.subscribe((reached) => reached && drain());
  signedOut.subscribe(drain);
  onReturn(drain);
  setInterval(() => isUsed() && drain(), EVERY);
  await readQueue();
  drain();
}

/**
 * Draw the chart in work, or order it as a job; throws what `draw` throws.
 *
 * Offline it waits in place of what it was before; each order waits for itself.
 */
export async function drawOrQueue(
  spec: object,
  format: Format,
  signal?: AbortSignal,
  order?: string,
): Promise<Picture> {
  try {
    const picture = await draw(spec, format, signal, order);
    await leaveQueue(BENCH);
    return picture;
  } catch (error) {
    // Without a worker nobody would draw it later.
    const worker = navigator.serviceWorker?.controller;
    const waits = worker && error instanceof Problem && error.kind === "offline";
    if (waits) await enqueue(order ?? BENCH, spec, format, order).catch(reportFull);
    if (error instanceof Deferred) await leaveQueue(BENCH);
    throw error;
  }
}

/** Where there is no room left it does not wait, and the page says that it is offline. */
function reportFull(error: unknown): void {
  console.warn("the chart could not be queued", error);
}

/**
 * Let a chart wait; the one that waited in its place does not any longer. Returns its key.
 *
 * With an `order` it is sent as a job.
 */
export async function enqueue(
  place: string,
  spec: object,
  format: Format,
  order?: string,
): Promise<string> {
  const body = JSON.stringify(spec);
  const accept = MEDIA_TYPES[format];
  const key = order ?? (await pictureKey(body, "/plot", accept));
  const waiting: Queued = { place, key, body, accept, since: Date.now() };
  if (order) waiting.headers = asJob(order);
  await queue(waiting);
  return key;
}

/** Put something into the queue, and have it sent at once where the server can be reached. */
export async function queue(waiting: Queued): Promise<void> {
  const whose = owner();
  await (await database()).put("queue", { ...waiting, ...(whose && { owner: whose }) });
  await readQueue();
  await requestSync();
  if (online.value) drain();
}

/** Take a chart out, whether it waits or was refused. */
export async function leaveQueue(place: string): Promise<void> {
  const kept = await database();
  if ((await kept.getKey("queue", place)) === undefined) return;
  await kept.delete("queue", place);
  await readQueue();
}

/** Return all that wait and all that were refused. */
export async function readQueue(): Promise<readonly Queued[]> {
  const all = await (await database()).getAll("queue");
  queued.value = new Set(all.filter(({ fault, job }) => !fault && !job).map(({ key }) => key));
  return all;
}

function drain(): void {
  if (queued.value.size > 0 && !signedOut.peek()) ask({ type: "drain" });
}

/** Background Sync (WICG), which only Chromium has: it draws even when no page is open. */
interface Syncing {
  sync?: { register(tag: string): Promise<void> };
}

async function requestSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  try {
    await (registration as Syncing | undefined)?.sync?.register(DRAIN);
  } catch (error) {
    // Forbidden by the user; the page drains the queue itself.
    console.info("no background sync", error);
  }
}
