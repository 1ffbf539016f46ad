/** Jobs over HTTP: charts that take longer than anybody waits for an answer. */

import type { Format } from "../../shared/pictures";
import { Problem, type ProblemDocument, request } from "./problems";

export type JobState = "queued" | "running" | "succeeded" | "failed" | "cancelled" | "expired";

/** States in which nothing is to come. */
const ENDED: readonly JobState[] = ["succeeded", "failed", "cancelled", "expired"];

/** One asynchronous rendering; times are ISO 8601. */
export interface Job {
  id: string;
  state: JobState;
  /** The spec's; missing where it has none. */
  title?: string;
  /** Of the first series, or the template's name. */
  kind?: string;
  format: Format;
  /** `corporate@42`. */
  style: string;
  digest: string;
  created: string;
  started?: string;
  ended?: string;
  expires: string;
  /** How often a worker has begun it. */
  attempt: number;
  /** Failures after which it is given up. */
  attempts: number;
  progress?: { fraction: number; stage: string; message?: string };
  /** Why it failed; while it is not over, why it is tried again. */
  problem?: ProblemDocument;
  result?: {
    href: string;
    digest: string;
    media_type: string;
    size: number;
    warnings?: readonly string[];
  };
  /** Grows with every change. */
  version: number;
}

/** Drawing became a job: the picture is to be had when that has ended. */
export class Deferred extends Error {
  readonly job: Job;
  /** The chart's own address; null where the server could not store it. */
  readonly address: string | null;
  /** Whether the request began the job: not where it joined one that somebody else had asked for. */
  readonly isNew: boolean;

  constructor(job: Job, address: string | null, isNew: boolean) {
    super(`job ${job.id}`);
    this.job = job;
    this.address = address;
    this.isNew = isNew;
  }
}

/** Why a job itself has no picture: it failed, was cancelled, or was given up. */
export class JobFault extends Problem {}

/** Some jobs, newest first. */
export interface JobPage {
  jobs: readonly Job[];
  /** Where the older ones begin. */
  before?: string;
}

export interface JobQuery {
  /** Only jobs in one of these states. */
  states?: readonly JobState[] | undefined;
  before?: string | undefined;
  limit: number;
}

/** Whether a job has come to its end. */
export function hasEnded({ state }: Job): boolean {
  return ENDED.includes(state);
}

/** Whether something is a job, as far as it is looked at: a proxy may answer with anything. */
export function isJob(value: unknown): value is Job {
  return typeof value === "object" && value !== null && "id" in value && "version" in value;
}

/** Return what is read of an answer; throws `Problem` where it breaks off or makes no sense. */
export async function whole<Body>(reading: Promise<Body>): Promise<Body> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    return unreadable();
  }
}

/** Return a name for an order of a job: the same order sent twice makes one job. */
export function newOrder(): string {
  return `app-${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

/** Return the headers that make a job of a posted chart. */
export function asJob(order: string): Record<string, string> {
  return { Prefer: "respond-async", "Idempotency-Key": order };
}

/** List jobs; throws `Problem`. */
export async function listJobs({ states, before, limit }: JobQuery): Promise<JobPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (states) query.set("state", states.join(","));
  if (before) query.set("before", before);
  const page = await bodyOf(await request(`/jobs?${query}`));
  return Array.isArray((page as JobPage | null)?.jobs) ? (page as JobPage) : unreadable();
}

/** Read a job; throws `Problem`, of status 404 where it is not kept. */
export function readJob(id: string): Promise<Job> {
  return asked(addressOf(id));
}

/**
 * Wait until a job is another than `version`; null where it stays the same for `seconds`.
 *
 * Throws `Problem`, and `AbortError` when `signal` says so.
 */
export async function awaitJob(
  signal: AbortSignal,
  id: string,
  version: number,
  seconds: number,
): Promise<Job | null> {
  const headers = { Prefer: `wait=${seconds}`, "If-None-Match": `"${version}"` };
  const answer = await request(addressOf(id), { signal, headers, cache: "no-store" });
  return answer.status === 304 ? null : jobIn(answer);
}

/** Stop a job; one that has ended stays as it is. */
export function cancelJob(id: string): Promise<Job> {
  return asked(addressOf(id), "DELETE");
}

/** Begin a new job of the same input; throws `Problem`, of status 409 where it did not fail. */
export function retryJob(id: string): Promise<Job> {
  return asked(`${addressOf(id)}/retry`, "POST");
}

/** Return the address of a job. */
export function addressOf(id: string): string {
  return `/jobs/${encodeURIComponent(id)}`;
}

async function asked(address: string, method = "GET"): Promise<Job> {
  return jobIn(await request(address, { method, cache: "no-store" }));
}

async function jobIn(answer: Response): Promise<Job> {
  const body = await bodyOf(answer);
  return isJob(body) ? body : unreadable();
}

function bodyOf(answer: Response): Promise<unknown> {
  return whole(answer.json());
}

function unreadable(): never {
  throw new Problem({ type: "#unreadable", title: "The answer could not be read." }, 502);
}
