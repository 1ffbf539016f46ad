/** Pictures that came by a job: shown, stored and kept up to date like any other. */

import { type Format, MEDIA_TYPES, pictureKey } from "../../shared/pictures";
import { addressOf, type Job, whole } from "../http/jobs";
import { request } from "../http/problems";
import { type Picture, read } from "../pictures/pictures";
import { storeFetched } from "../pictures/stored";
import { ended, faultOf } from "./ending";

/** What was asked for, and the job that it became. */
export interface Awaited {
  job: Job;
  /** As it was sent to `POST /plot`. */
  body: string;
  format: Format;
  /** The chart's own address. */
  address: string | null;
}

/**
 * Return the picture of a job, once that has ended.
 *
 * Throws `JobFault`: why it failed; of kind `cancelled` or `expired`. Throws `Problem` where the
 * picture did not come; of status 404 or 410 where job or result are kept no more. Throws
 * `AbortError` when `signal` says so.
 */
export async function pictureOf(signal: AbortSignal, awaited: Awaited): Promise<Picture> {
  const job = await ended(signal, awaited.job);
  if (job.state !== "succeeded") throw faultOf(job);
  const answer = await request(resultOf(job), { signal });
  const { body, format } = awaited;
  const begun = performance.now() - (lengthOf(job) ?? 0);
  const kept = await stored(awaited, await completed(answer, awaited.address));
  return { ...(await read(kept, { body, format, begun })), byJob: true };
}

/** Return where a job's picture is to be had. */
export function resultOf({ id, result }: Job): string {
  return result?.href ?? `${addressOf(id)}/result`;
}

/** Return the milliseconds that a job ran; null while it did not end. */
export function lengthOf({ started, ended: end }: Job): number | null {
  return started && end ? Math.max(0, Date.parse(end) - Date.parse(started)) : null;
}

/** Store it under the key by which the worker finds it; a page without one takes the bytes. */
async function stored({ body, format }: Awaited, answer: Response): Promise<Response> {
  if (!navigator.serviceWorker?.controller) return answer;
  const key = await pictureKey(body, "/plot", MEDIA_TYPES[format]);
  try {
    return await storeFetched(key, answer.clone());
  } catch (error) {
    console.warn("the picture could not be stored", error);
    return answer;
  }
}

/** A result says neither where its chart is, nor whether its style is still the newest. */
async function completed(answer: Response, address: string | null): Promise<Response> {
  const headers = new Headers(answer.headers);
  if (!headers.has("Plotkiln-Style-State")) {
    const isBuiltin = headers.get("Plotkiln-Style")?.endsWith("@0");
    headers.set("Plotkiln-Style-State", isBuiltin ? "builtin" : "fresh");
  }
  if (address && !headers.has("Content-Location")) headers.set("Content-Location", address);
  return new Response(await whole(answer.blob()), { headers });
}
