/** Charts that wait for the network: they survive a reload, and are drawn when it is back. */

import { signal } from "@preact/signals";
import { DRAIN, type Format, MEDIA_TYPES, pictureKey } from "../../shared/pictures";
import { Problem } from "../http/problems";
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
  onReturn(drain);
  setInterval(() => isUsed() && drain(), EVERY);
  await readQueue();
  drain();
}

/** Draw the chart in work; offline it waits in place of what it was before, and throws `Problem`. */
export async function drawOrQueue(
  spec: object,
  format: Format,
  signal?: AbortSignal,
): Promise<Picture> {
  try {
    const picture = await draw(spec, format, signal);
    await leaveQueue(BENCH);
    return picture;
  } catch (error) {
    // Without a worker nobody would draw it later.
    const worker = navigator.serviceWorker?.controller;
    const waits = worker && error instanceof Problem && error.kind === "offline";
    if (waits) await enqueue(BENCH, spec, format).catch(reportFull);
    throw error;
  }
}

/** Where there is no room left it does not wait, and the page says that it is offline. */
function reportFull(error: unknown): void {
  console.warn("the chart could not be queued", error);
}

/** Let a chart wait; the one that waited in its place does not any longer. Returns its key. */
export async function enqueue(place: string, spec: object, format: Format): Promise<string> {
  const body = JSON.stringify(spec);
  const accept = MEDIA_TYPES[format];
  const key = await pictureKey(body, "/plot", accept);
  await (await database()).put("queue", { place, key, body, accept, since: Date.now() });
  await readQueue();
  await requestSync();
  if (online.value) drain();
  return key;
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
  queued.value = new Set(all.filter(({ fault }) => !fault).map(({ key }) => key));
  return all;
}

function drain(): void {
  if (queued.value.size > 0) ask({ type: "drain" });
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
