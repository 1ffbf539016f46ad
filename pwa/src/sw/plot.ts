/** `POST /plot`: the stored picture at once, and the newest behind it. */

import { ASK_HEADER, FROM_HEADER, KEY_HEADER, OFFLINE, pictureKey } from "../shared/pictures";
import { report } from "./news";
import { find, isPicture, revalidate, store } from "./pictures";

/** The drawings that run, by what their pages call them. */
const running = new Map<string | null, AbortController>();

/** Stop a drawing. `request.signal` of a fetch event stays silent in Chromium 156 (measured). */
export function giveUp(ask: string): void {
  running.get(ask)?.abort();
}

/** Answer from the store and revalidate; draw what is not stored. */
export async function plot(event: FetchEvent, url: URL): Promise<Response> {
  const ask = event.request.headers.get(ASK_HEADER);
  const giving = new AbortController();
  running.set(ask, giving);
  try {
    return await answered(event, url, giving.signal);
  } finally {
    running.delete(ask);
  }
}

async function answered(
  event: FetchEvent,
  { pathname, search }: URL,
  signal: AbortSignal,
): Promise<Response> {
  const { request } = event;
  const body = await request.clone().text();
  const accept = request.headers.get("Accept") ?? "";
  const key = await pictureKey(body, pathname + search, accept);
  const stored = await find(key).catch(report);
  if (!stored) return drawn(request, key, signal);
  event.waitUntil(revalidate({ key, body, accept }));
  return marked(stored, key, "stored");
}

async function drawn(request: Request, key: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(request, { signal }).catch(() =>
    // the page looks at no answer any more, and only an error would be logged
    signal.aborted ? new Response(null, { status: 204 }) : offline(),
  );
  if (!isPicture(answer)) return answer;
  // Both ends wait for the last byte: half a picture is neither shown nor stored.
  const whole = new Response(await answer.blob(), answer);
  try {
    await store(key, whole.clone());
  } catch (error) {
    // Without a key the page takes the bytes themselves.
    report(error);
    return whole;
  }
  return marked(whole, key, "drawn");
}

function marked(answer: Response, key: string, from: string): Response {
  const headers = new Headers(answer.headers);
  headers.set(KEY_HEADER, key);
  headers.set(FROM_HEADER, from);
  return new Response(answer.body, { headers });
}

function offline(): Response {
  const headers = { "Content-Type": "application/problem+json" };
  return Response.json({ type: OFFLINE, title: "Offline" }, { status: 503, headers });
}
