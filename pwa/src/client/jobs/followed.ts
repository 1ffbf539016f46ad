/** Jobs whose end the user wants to hear of: remembered, so that a reload forgets none. */

import { effect, signal } from "@preact/signals";
import { hasEnded, type Job } from "../http/jobs";
import { online } from "../pictures/connection";
import { signedOut } from "../session/session";
import { announce } from "./announcing";
import { known, learn } from "./known";
import { refreshJob, watchPatiently } from "./watching";

const REMEMBERED = "plotkiln.jobs";
/** The most that are remembered: beyond it the oldest is forgotten. */
const MOST = 50;

/** Job → whether it is told by a notification of the system, too. */
export type Followed = ReadonlyMap<string, boolean>;

export const followed = signal<Followed>(new Map());

/** Follow what was followed when the page was left; return what ends that. */
export function startFollowing(): () => void {
  followed.value = remembered();
  for (const [id, told] of followed.value) if (told) watchPatiently(id, true);
  const stops = [effect(takeUp), effect(settle)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Tell of a job's end in the page; `told`: and by a notification of the system. */
export function follow(job: Job, told = remembered().get(job.id) ?? false): void {
  learn(job);
  if (hasEnded(known.peek().get(job.id) ?? job)) return;
  const others = remembered();
  others.delete(job.id);
  remember(new Map([...others, [job.id, told] as const].slice(-MOST)));
  watchPatiently(job.id, told);
}

/** Do not tell of a job's end. */
export function unfollow(id: string): void {
  const others = remembered();
  if (!others.delete(id)) return;
  remember(others);
  watchPatiently(id, false);
}

/** Whether some tab tells of a job's end. */
export function isFollowed(id: string): boolean {
  return remembered().has(id);
}

/** Read each once that is not known yet, now or when the network is back. */
function takeUp(): void {
  if (!online.value || signedOut.value) return;
  for (const id of followed.peek().keys()) if (!known.peek().has(id)) void takeUpOne(id);
}

async function takeUpOne(id: string): Promise<void> {
  if ((await refreshJob(id)) === null && online.peek() && !signedOut.peek()) unfollow(id);
}

/** Announce those that have ended, once. */
function settle(): void {
  for (const [id, told] of followed.value) {
    const job = known.value.get(id);
    if (!job || !hasEnded(job)) continue;
    followed.value = new Map([...followed.peek()].filter(([other]) => other !== id));
    void tellOnce(job, told);
  }
}

async function tellOnce(job: Job, told: boolean): Promise<void> {
  const isOurs = (await isFirst(job.id)) && isFollowed(job.id);
  unfollow(job.id);
  if (isOurs) await announce(job, told);
}

/** Whether no other tab tells of a job's end: what they remember reaches each other too late. */
function isFirst(id: string): Promise<boolean> {
  // Browsers have no locks for pages that came without HTTPS.
  if (!isSecureContext) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(`plotkiln.told ${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      // Held as long as this page lives.
      return lock && new Promise(() => undefined);
    });
  });
}

function remember(jobs: Followed): void {
  localStorage.setItem(REMEMBERED, JSON.stringify([...jobs]));
  followed.value = jobs;
}

/** Other tabs write here, too: it is read anew each time. */
function remembered(): Map<string, boolean> {
  try {
    return new Map(JSON.parse(localStorage.getItem(REMEMBERED) ?? "[]") as [string, boolean][]);
  } catch {
    return new Map();
  }
}
