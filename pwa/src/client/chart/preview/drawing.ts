/** Draws the chart in work: a moment after the last change, and never an outdated one. */

import { effect, signal } from "@preact/signals";
import { isEmpty } from "../../charts/current";
import { spec } from "../../charts/drawn";
import { chartJob } from "../../charts/job";
import { JobFault, newOrder } from "../../http/jobs";
import { Problem } from "../../http/problems";
import { online } from "../../pictures/connection";
import { asStored } from "../../pictures/newest";
import { news } from "../../pictures/news";
import { newestWarnings, type Picture, release, stateOf } from "../../pictures/pictures";
import { shown } from "../../pictures/shown";
import { signedOut } from "../../session/session";
import { isJobOf, leave, letGo, pictured } from "./becoming";
import { faults, faultsByPath, NO_FAULTS } from "./faults";

/** Milliseconds without a change before the server is asked. */
const STILL = 250;
/** Seconds until a busy server is asked again where it names none, and the most. */
const RETRY = 3;
const LONGEST_RETRY = 60;

/** The formats that a page can show and zoom. */
export const PREVIEW_FORMATS = ["png", "svg"] as const;
export type PreviewFormat = (typeof PREVIEW_FORMATS)[number];

export const previewFormat = signal<PreviewFormat>("png");
/** Since when the server draws, by `performance.now()`; null while it does not. */
export const drawingSince = signal<number | null>(null);
/** Why the last spec was not drawn. */
export const problem = signal<Problem | null>(null);
/** Whether the chart's job has a picture, or had, that could not be fetched. */
export const isUnfetched = signal(false);
/** Whether the user stopped the last drawing. */
export const isCanceled = signal(false);
/** The style that replaced the one of the shown picture just now: `default@43`. */
export const newStyle = signal<string | null>(null);

let pending: ReturnType<typeof setTimeout> | undefined;
let running: AbortController | null = null;
/** Whether the chart was drawn, or is, since it came into sight. */
let begun = false;
/** How often the picture of the chart's job could not be fetched in a row. */
let failures = 0;

/** Draw whenever the spec changes; return what stops that. */
export function startDrawing(): () => void {
  begun = false;
  const stops = [
    effect(() => schedule(spec.value, previewFormat.value)),
    effect(follow),
    effect(fetchAgain),
  ];
  return () => {
    stopWaiting();
    for (const stop of stops) stop();
    leave();
  };
}

/** Stop the drawing that runs. */
export function cancel(): void {
  stopWaiting();
  isCanceled.value = true;
}

/** Draw the spec once more. */
export function drawAgain(): void {
  redraw();
}

/** Have the spec drawn as a job, whatever is changed meanwhile. */
export function drawAsJob(): void {
  redraw(newOrder());
}

function redraw(order?: string): void {
  stopWaiting();
  const wanted = spec.peek();
  if (wanted) void run(wanted, previewFormat.peek(), order);
}

function schedule(wanted: object | null, format: PreviewFormat): void {
  stopWaiting();
  isUnfetched.value = false;
  if (!wanted) {
    settle(null);
    if (isEmpty.value) forget();
    return;
  }
  // What was changed while it was out of sight is another chart: its job goes on.
  if (!isJobOf(wanted, format)) letGo({ cancels: begun });
  begun = true;
  pending = setTimeout(() => void run(wanted, format), shown.peek() ? STILL : 0);
}

function stopWaiting(): void {
  clearTimeout(pending);
  running?.abort();
  running = null;
  drawingSince.value = null;
  isCanceled.value = false;
}

async function run(wanted: object, format: PreviewFormat, order?: string): Promise<void> {
  running = new AbortController();
  const { signal: aborted } = running;
  drawingSince.value = performance.now();
  try {
    const picture = await pictured(aborted, wanted, format, order);
    await decoded(picture.src);
    if (aborted.aborted) return release(picture);
    show(picture);
    // What the worker told meanwhile was of no picture on screen.
    if (picture.stored) void catchUp();
    if (picture.byJob) void revalidate();
  } catch (error) {
    if (aborted.aborted) return;
    if (!(error instanceof Problem)) throw error;
    refuse(error);
  }
  running = null;
  drawingSince.value = null;
}

function show(picture: Picture): void {
  const last = shown.peek();
  shown.value = picture;
  newStyle.value = null;
  isUnfetched.value = false;
  failures = 0;
  settle(null);
  if (last) release(last);
}

/** Take the picture away with the data that it was drawn from. */
function forget(): void {
  const last = shown.peek();
  shown.value = null;
  newStyle.value = null;
  if (last) release(last);
}

function refuse(refusal: Problem): void {
  settle(refusal);
  // A job was tried enough.
  if (refusal instanceof JobFault) return;
  isUnfetched.value = chartJob.peek() !== null;
  failures = isUnfetched.peek() ? failures + 1 : 0;
  if (isTriedAgain(refusal)) pending = setTimeout(drawAgain, 1000 * pauseAfter(refusal));
}

/** Offline `follow` hears when the queue was drawn, and `fetchAgain` when the network is back. */
function isTriedAgain({ kind, status }: Problem): boolean {
  if (status === 401 || status === 403) return false;
  if (kind === "offline") return isUnfetched.peek() && online.peek();
  return isUnfetched.peek() || status === 503 || status === 429;
}

/** Return the seconds to wait: each time longer where the server names none. */
function pauseAfter({ retryAfter }: Problem): number {
  return retryAfter ?? Math.min(RETRY * 2 ** Math.max(0, failures - 1), LONGEST_RETRY);
}

/** Fetch the picture of the chart's job when the network is back, and draw for whoever is signed in. */
function fetchAgain(): void {
  if (!signedOut.value && problem.peek()?.status === 401) drawAgain();
  if (online.value && isUnfetched.peek() && problem.peek()?.kind === "offline") drawAgain();
}

/** The style may have changed while the job ran. */
async function revalidate(): Promise<void> {
  const { look } = await import("../../pictures/revalidation");
  look();
}

function settle(refusal: Problem | null): void {
  problem.value = refusal;
  faults.value = refusal ? faultsByPath(refusal.faults) : NO_FAULTS;
}

/** Wait until the browser can show a picture, so that the last one stays until then. */
async function decoded(src: string): Promise<void> {
  const image = new Image();
  image.src = src;
  // A picture that cannot be decoded is shown as broken by the page itself.
  await image.decode().catch(() => undefined);
}

/** What the service worker finds out about the picture on screen. */
function follow(): void {
  const told = news.value;
  const picture = shown.peek();
  if (!told) return;
  if (told.type === "drained" && problem.peek()?.kind === "offline") drawAgain();
  if (!picture || (told.key !== picture.key && told.key !== "")) return;
  if (told.type === "replaced" && told.key === "") newStyle.value = told.style;
  if (told.type === "unchanged") void restate(picture, stateOf(told.state));
  if (told.type === "replaced" || told.type === "unchanged") void catchUp();
}

/** Say of the shown picture what its style is like now: what is old, because of what. */
async function restate(picture: Picture, state: Picture["state"]): Promise<void> {
  if (state === picture.state) return;
  const warnings = state === "stale" ? await newestWarnings(picture) : picture.warnings;
  if (shown.peek() === picture) shown.value = { ...picture, state, warnings };
}

/** Put the stored picture in place of the shown one, where it is another by now. */
async function catchUp(): Promise<void> {
  const picture = shown.peek();
  if (!picture) return;
  const next = await asStored(picture);
  if (next === picture) return;
  await decoded(next.src);
  const now = shown.peek();
  if (now?.key !== next.key || now?.etag === next.etag) return;
  shown.value = next;
  newStyle.value = next.style;
}
