/** Asking for pictures. */

import { type Format, FROM_HEADER, KEY_HEADER, MEDIA_TYPES, PICTURES } from "../../shared/pictures";
import { request } from "../http/problems";

/** One picture as it came. */
export interface Picture {
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
  bytes: Blob;
}

/** Draw a spec; throws `Problem`, and `AbortError` when `signal` says so. */
export async function draw(spec: object, format: Format, signal?: AbortSignal): Promise<Picture> {
  const begun = performance.now();
  const answer = await request("/plot", {
    method: "POST",
    body: JSON.stringify(spec),
    headers: { "Content-Type": "application/json", Accept: MEDIA_TYPES[format] },
    ...(signal ? { signal } : {}),
  });
  return pictureOf(answer, await answer.blob(), performance.now() - begun);
}

/** Give back what a picture holds in memory. */
export function release(picture: Picture): void {
  if (picture.src.startsWith("blob:")) URL.revokeObjectURL(picture.src);
}

function pictureOf(answer: Response, bytes: Blob, took: number): Picture {
  const header = (name: string) => answer.headers.get(name);
  const key = header(KEY_HEADER);
  const etag = header("ETag") ?? "";
  return {
    src: key ? sourceOf(key, etag) : URL.createObjectURL(bytes),
    key,
    address: header("Content-Location"),
    etag,
    style: header("Plotkiln-Style") ?? "",
    state: stateOf(header("Plotkiln-Style-State")),
    warnings: warningsOf(header("Plotkiln-Warnings")),
    took,
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
