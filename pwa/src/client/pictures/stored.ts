/** The caches of pictures as the page sees them: what is kept for ever, and what is recent. */

import { KEPT, MEDIA_TYPES, PICTURES, RECENT, storedHeaders } from "../../shared/pictures";
import type { Picture } from "./pictures";

/** Return a stored picture. */
export async function findStored(key: string): Promise<Response | undefined> {
  const address = PICTURES + key;
  const kept = await caches.match(address, { cacheName: KEPT });
  return kept ?? caches.match(address, { cacheName: RECENT });
}

/** Store a picture that the worker did not fetch, in place of the one with the same key. */
export async function storeFetched(key: string, answer: Response): Promise<Response> {
  const headers = storedHeaders(key, answer.headers);
  const bytes = await answer.blob();
  const isKept = await caches.match(PICTURES + key, { cacheName: KEPT });
  await put(isKept ? KEPT : RECENT, key, new Response(bytes, { headers }));
  return new Response(bytes, { headers });
}

/** Keep a picture until it is let go; throws `QuotaExceededError` when not even recent ones make room. */
export async function keepStored(key: string, picture?: Picture): Promise<void> {
  const answer = picture ? storable(key, picture) : await findStored(key);
  if (!answer) return;
  await put(KEPT, key, answer);
  await (await caches.open(RECENT)).delete(PICTURES + key);
}

/** Let a kept picture go: it becomes a recent one. */
export async function releaseStored(key: string): Promise<void> {
  const kept = await caches.open(KEPT);
  const answer = await kept.match(PICTURES + key);
  if (!answer) return;
  await put(RECENT, key, answer);
  await kept.delete(PICTURES + key);
}

/** Remove every recent picture: each can be drawn again. */
export async function forgetRecent(): Promise<void> {
  await caches.delete(RECENT);
}

/** Return how many pictures are stored, kept and recent. */
export async function countStored(): Promise<{ kept: number; recent: number }> {
  // Browsers store nothing for pages that came without HTTPS.
  if (!isSecureContext) return { kept: 0, recent: 0 };
  const count = async (name: string) => (await (await caches.open(name)).keys()).length;
  return { kept: await count(KEPT), recent: await count(RECENT) };
}

async function put(name: string, key: string, answer: Response): Promise<void> {
  const copy = answer.clone();
  try {
    await (await caches.open(name)).put(PICTURES + key, answer);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "QuotaExceededError") throw error;
    await forgetRecent();
    await (await caches.open(name)).put(PICTURES + key, copy);
  }
}

function storable(key: string, picture: Picture): Response {
  const { address, bytes, etag, format, state, style, warnings } = picture;
  const headers = storedHeaders(key, new Headers({ "Content-Type": MEDIA_TYPES[format] }));
  headers.set("ETag", etag);
  headers.set("Plotkiln-Style", style);
  headers.set("Plotkiln-Style-State", state);
  if (address) headers.set("Content-Location", address);
  if (warnings.length) headers.set("Plotkiln-Warnings", warnings.map(encodeURIComponent).join(";"));
  return new Response(bytes, { headers });
}
