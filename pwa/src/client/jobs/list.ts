/** The jobs that the view lists: all of them, or those under way. */

import { type Signal, signal } from "@preact/signals";
import { hasEnded, type Job, type JobState, listJobs } from "../http/jobs";
import { Problem } from "../http/problems";
import type { LiveEvent } from "../live/events";
import { known, learn } from "./known";
import { extended, renewed, type Shown, withNew } from "./pages";
import { hearOfJob } from "./watching";

export const FILTERS = ["all", "active"] as const;
export type Filter = (typeof FILTERS)[number];

const STATES: Record<Filter, readonly JobState[] | undefined> = {
  all: undefined,
  active: ["queued", "running"],
};

/** Jobs that are read at once. */
const PAGE = 30;

/** What each filter leaves; null until it was read. */
export const lists: Readonly<Record<Filter, Signal<Shown | null>>> = {
  all: signal(null),
  active: signal(null),
};

/** Ids that were read or heard of as under way, newest first: they stay in sight when they are over. */
export const seenUnderWay = signal<readonly string[]>([]);

/** Why the last reading failed. */
export const trouble = signal<Problem | null>(null);

const reading: Partial<Record<Filter, Promise<void>>> = {};

/** Bring a list up to date; one reading at a time. Above all of them stand those under way. */
export async function refresh(filter: Filter): Promise<void> {
  const one = (filter: Filter) =>
    (reading[filter] ??= read(filter).finally(() => delete reading[filter]));
  await Promise.all(filter === "all" ? FILTERS.map(one) : [one(filter)]);
}

/** Read the next older jobs; return the id of the first of them that stands below the others. */
export async function loadMore(filter: Filter): Promise<string | undefined> {
  const list = lists[filter];
  const before = list.value?.before;
  return noted(async () => {
    const page = await listJobs({ states: STATES[filter], before, limit: PAGE });
    learn(...page.jobs);
    list.value = extended(list.value, page);
    return (filter === "all" ? page.jobs.find(hasEnded) : page.jobs[0])?.id;
  });
}

/** Take up what an event says: a job that is new stands at the top. */
export function hear(event: LiveEvent): void {
  hearOfJob(event);
  const job = known.peek().get(event.subject ?? "");
  if (!job || hasEnded(job)) return;
  put(job);
  // A page that was asked for before it and comes after it does not have it.
  follow([job.id]);
}

/** Put a job at the top of the lists that were read. */
export function put(job: Job): void {
  for (const filter of FILTERS) {
    const list = lists[filter];
    if (list.peek() && isNewest(job, list.peek()))
      list.value = withNew(list.peek() ?? { ids: [] }, job);
  }
}

/** One that is older than what is shown belongs below, where it is read in its turn. */
function isNewest({ created }: Job, shown: Shown | null): boolean {
  const first = known.peek().get(shown?.ids[0] ?? "");
  return !first || first.created <= created;
}

async function read(filter: Filter): Promise<void> {
  const list = lists[filter];
  await noted(async () => {
    const page = await listJobs({ states: STATES[filter], limit: PAGE });
    learn(...page.jobs);
    list.value = renewed(list.value, page);
    if (filter === "active") follow(list.value.ids);
  });
}

function follow(ids: readonly string[]): void {
  const before = seenUnderWay.peek();
  if (ids.some((id) => !before.includes(id)))
    seenUnderWay.value = [...new Set([...ids, ...before])];
}

async function noted<Read>(act: () => Promise<Read>): Promise<Read | undefined> {
  try {
    const result = await act();
    trouble.value = null;
    return result;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    trouble.value = error;
    return undefined;
  }
}
