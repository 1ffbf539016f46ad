/** The newest of a stored picture: the worker answers at once, and hears from the server behind. */

import type { Format } from "../../shared/pictures";
import { Deferred } from "../http/jobs";
import { online } from "./connection";
import { ask, news } from "./news";
import { askedOf, draw, type Picture, read } from "./pictures";
import { findStored } from "./stored";

/** Milliseconds until the worker is asked again: a browser may end one, and its answer with it. */
const AGAIN = 5_000;

/**
 * Draw a spec as it looks now, where the server can be asked, however long that takes.
 *
 * Throws `Problem`, also of the job that drawing became, and `AbortError` when `signal` says so.
 */
export async function drawNewest(
  spec: object,
  format: Format,
  signal?: AbortSignal,
): Promise<Picture> {
  const picture = await drawOrWait(spec, format, signal);
  if (!picture.stored || !online.value) return picture;
  await checked(picture, signal);
  signal?.throwIfAborted();
  return asStored(picture);
}

async function drawOrWait(
  spec: object,
  format: Format,
  signal = new AbortController().signal,
): Promise<Picture> {
  try {
    return await draw(spec, format, signal);
  } catch (error) {
    if (!(error instanceof Deferred)) throw error;
    const { job, address } = error;
    const { pictureOf } = await import("../jobs/pictures");
    return pictureOf(signal, { job, body: JSON.stringify(spec), format, address });
  }
}

/** Return a picture as it is stored by now: the very same, unless another took its place. */
export async function asStored(picture: Picture): Promise<Picture> {
  const { body, etag, format, key, took } = picture;
  const answer = key && (await findStored(key));
  if (!answer || answer.headers.get("ETag") === etag) return picture;
  return read(answer, { body, format, begun: performance.now() - took });
}

/** Resolve when the worker tells what became of a picture, or when `signal` gives up. */
function checked(picture: Picture, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wish = () => ask({ type: "revalidate", ...askedOf(picture) });
    const last = news.peek();
    const stop = news.subscribe((told) => {
      if (told !== last && told?.key === picture.key) end();
    });
    const timer = setInterval(wish, AGAIN);
    const end = () => {
      stop();
      clearInterval(timer);
      resolve();
    };
    signal?.addEventListener("abort", end, { once: true });
    wish();
  });
}
