/** Asking for pictures. */

import {
  ASK_HEADER,
  type Asked,
  type Format,
  FROM_HEADER,
  KEY_HEADER,
  MEDIA_TYPES,
  PICTURES,
} from "../../shared/pictures";
import { isBegunBy } from "../http/begun";
import { asJob, Deferred, type Job } from "../http/jobs";
import { request } from "../http/problems";
import { ask } from "./news";

/** How the server begins to say that it is drawing a newer picture. */
const FORMER = "This is a former picture";

/** One picture as it came. */
export interface Picture {
  /** What was sent for it, as it was sent. */
  body: string;
  format: Format;
  /** For `<img src>`: the worker's address, else an object URL to `release`. */
  src: string;
  /** The worker's name for it; null while no worker controls the page. */
  key: string | null;
  /** The chart's own address, `/charts/{id}.{format}`; null where the server could not store it. */
  address: string | null;
  etag: string;
  /** `corporate@42`. */
  style: string;
  state: "fresh" | "stale" | "builtin";
  warnings: readonly string[];
  /** Milliseconds from asking to the last byte. */
  took: number;
  /** Whether it was stored before, and is being revalidated now. */
  stored: boolean;
  /** Whether a job drew it, maybe in a style that was replaced meanwhile. */
  byJob?: boolean;
  bytes: Blob;
}

/**
 * Draw a spec; `order` asks for a job instead, and names it.
 *
 * Throws `Problem`, `Deferred` when it is a job now, and `AbortError` when `signal` says so.
 */
export async function draw(
  spec: object,
  format: Format,
  signal?: AbortSignal,
  order?: string,
): Promise<Picture> {
  const begun = performance.now();
  const body = JSON.stringify(spec);
  const name = `${begun} ${Math.random()}`;
  signal?.addEventListener("abort", () => ask({ type: "give up", ask: name }), { once: true });
  const answer = await request("/plot", {
    method: "POST",
    body,
    headers: {
      "Content-Type": "application/json",
      Accept: MEDIA_TYPES[format],
      [ASK_HEADER]: name,
      ...(order ? asJob(order) : {}),
    },
    ...(signal ? { signal } : {}),
  });
  if (answer.status === 202) {
    const job = (await answer.json()) as Job;
    const isNew = isBegunBy(answer, performance.now() - begun, job);
    throw new Deferred(job, answer.headers.get("Content-Location"), isNew);
  }
  return read(answer, { body, format, begun });
}

/** Return the newest of a picture from its own address; null while it is the newest itself. */
export async function newest(picture: Picture): Promise<Picture | null> {
  const { address, body, etag, format } = picture;
  if (!address) return null;
  const begun = performance.now();
  const headers = { Accept: "application/json", "If-None-Match": etag };
  const answer = await request(address, { headers });
  if (answer.status === 304) return null;
  return { ...(await read(answer, { body, format, begun })), address };
}

/** Ask what is to be known of a picture now; what was known, where the server does not say. */
export async function newestWarnings({ address, warnings }: Picture): Promise<readonly string[]> {
  if (!address) return warnings;
  const answer = await fetch(address, { method: "HEAD" }).catch(() => null);
  return answer?.ok ? warningsOf(answer.headers.get("Plotkiln-Warnings")) : warnings;
}

/** Whether a picture is shown until a newer one is drawn, which takes a job. */
export function isFormer({ state, warnings }: Picture): boolean {
  return state === "stale" && warnings.some((warning) => warning.startsWith(FORMER));
}

/** What a page asks the worker to revalidate; only for a picture that has a key. */
export function askedOf({ key, body, format }: Picture): Asked {
  return { key: key ?? "", body, accept: MEDIA_TYPES[format] };
}

/** Give back what a picture holds in memory. */
export function release(picture: Picture): void {
  if (picture.src.startsWith("blob:")) URL.revokeObjectURL(picture.src);
}

interface Wanted {
  body: string;
  format: Format;
  /** `performance.now()` when it was asked for. */
  begun: number;
}

/** Read an answer of `POST /plot`, or what is stored of one. */
export async function read(answer: Response, { body, format, begun }: Wanted): Promise<Picture> {
  const bytes = await answer.blob();
  const header = (name: string) => answer.headers.get(name);
  const key = header(KEY_HEADER);
  const etag = header("ETag") ?? "";
  return {
    body,
    format,
    src: key ? sourceOf(key, etag) : URL.createObjectURL(bytes),
    key,
    address: header("Content-Location"),
    etag,
    style: header("Plotkiln-Style") ?? "",
    state: stateOf(header("Plotkiln-Style-State")),
    warnings: warningsOf(header("Plotkiln-Warnings")),
    took: performance.now() - begun,
    stored: header(FROM_HEADER) === "stored",
    bytes,
  };
}

/** Return the address at which the worker serves a stored picture. */
export function sourceOf(key: string, etag: string): string {
  return `${PICTURES}${key}?${etag.replace(/\W/g, "").slice(0, 12)}`;
}

/** Return the state that a header names. */
export function stateOf(header: string | null): Picture["state"] {
  return header === "fresh" || header === "stale" ? header : "builtin";
}

function warningsOf(header: string | null): string[] {
  return (header ?? "")
    .split(";")
    .map(decodeURIComponent)
    .map((text) => text.trim())
    .filter(Boolean);
}
