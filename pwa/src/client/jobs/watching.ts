/** Keeping what is known of jobs up to date, by live news or by long polls. */

import { effect } from "@preact/signals";
import { awaitJob, hasEnded, isJob, type Job, listJobs, readJob } from "../http/jobs";
import { Problem } from "../http/problems";
import { pause } from "../live/backoff";
import type { LiveEvent } from "../live/events";
import { wish } from "../live/wishes";
import { inTurn } from "./gate";
import { active, known, learn, unlearn } from "./known";

/** The most jobs that are watched one by one: of more, all are heard of together. */
const MOST = 30;
/** Jobs that are read at once. */
const PAGE = 200;
/** Stands for all jobs. */
const ALL = "*";
/** Seconds that a long poll may last; a moment where others wait for their turn. */
const LONG = 25;
const SHORT = 2;
/** Milliseconds until a server that refuses, or does not wait, is asked again. */
const AGAIN = 5_000;
/** Milliseconds within which an answer was not waited for. */
const SOON = 1_000;

/** Job → what ends watching it. */
const watched = new Map<string, () => void>();
/** Jobs to hear of while nobody looks, too. */
const patient = new Set<string>();

/** Watch all jobs that are under way, as far as they are known; return what ends that. */
export function startWatching(): () => void {
  const stop = effect(watchActive);
  return () => {
    stop();
    for (const end of watched.values()) end();
    watched.clear();
  };
}

/** Hear of a job while nobody looks, too; or do not any longer. */
export function watchPatiently(id: string, isPatient: boolean): void {
  if (patient.has(id) === isPatient) return;
  if (isPatient) patient.add(id);
  else patient.delete(id);
  watched.get(id)?.();
  watched.delete(id);
  watchActive();
}

/** Ask for a job once; one that the server does not keep any longer is forgotten. */
export async function refreshJob(id: string): Promise<Job | null> {
  try {
    const job = await readJob(id);
    learn(job);
    return job;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 404) unlearn(id);
    else if (error.kind !== "offline") console.warn("the job could not be read", error);
    return error.status === 404 ? null : (known.peek().get(id) ?? null);
  }
}

/** Take up what an event says of a job. */
export function hearOfJob({ data }: LiveEvent): void {
  if (isJob(data)) learn(data);
}

function watchActive(): void {
  const all = active(known.value).map(({ id }) => id);
  const isCrowded = all.length > MOST;
  const underWay = isCrowded ? [ALL, ...all.filter((id) => patient.has(id))] : all;
  for (const [id, end] of watched) {
    if (underWay.includes(id)) continue;
    watched.delete(id);
    end();
  }
  for (const id of underWay)
    if (!watched.has(id)) watched.set(id, id === ALL ? watchAll() : watch(id));
}

function watchAll(): () => void {
  return wish({
    topic: "jobs",
    hear: hearOfJob,
    reconcile: () => void count(),
    poll: pollAll,
  });
}

/** Count what is under way, time and again. */
async function pollAll(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await inTurn(signal, count);
    await pause(signal, AGAIN);
  }
}

/** Ask for all jobs that are under way, and for what became of those that are no longer. */
async function count(): Promise<void> {
  try {
    const listed = await readActive();
    for (const { id } of active(known.peek())) if (!listed.has(id)) await refreshJob(id);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.kind !== "offline") console.warn("the jobs could not be counted", error);
  }
}

/** Return the ids of the jobs that are under way. */
async function readActive(before?: string): Promise<Set<string>> {
  const page = await listJobs({ states: ["queued", "running"], before, limit: PAGE });
  learn(...page.jobs);
  const older = page.before ? await readActive(page.before) : [];
  return new Set([...page.jobs.map(({ id }) => id), ...older]);
}

function watch(id: string): () => void {
  return wish({
    topic: `jobs/${id}`,
    patient: patient.has(id),
    hear: hearOfJob,
    reconcile: () => void refreshJob(id),
    poll: (signal) => pollJob(signal, id),
  });
}

/** Ask for a job until it has ended. */
async function pollJob(signal: AbortSignal, id: string): Promise<void> {
  while (!signal.aborted) {
    const job = known.peek().get(id);
    if (!job || hasEnded(job)) return;
    await inTurn(signal, () => ask(signal, job));
  }
}

async function ask(signal: AbortSignal, { id, version }: Job): Promise<void> {
  const begun = Date.now();
  try {
    const newer = await awaitJob(signal, id, version, watched.size > 2 ? SHORT : LONG);
    if (newer) learn(newer);
    else if (Date.now() - begun < SOON) await pause(signal, AGAIN);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 404) unlearn(id);
    else await pause(signal, AGAIN);
  }
}
