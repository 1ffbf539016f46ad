/** Stored pictures: a recent one lives in one cache, a kept one in another, none in both. */

import {
  type Asked,
  CHECKED_HEADER,
  KEPT,
  PICTURES,
  RECENT,
  storedHeaders,
} from "../shared/pictures";
import { CSRF_HEADER } from "../shared/session";
import { report, tell } from "./news";
import { trim } from "./trim";

/** Milliseconds after which a picture that was found unchanged gets a new date. */
const REDATED_AFTER = 3_600_000;

/** Answers that are no verdict: drawn as a job, too slow, too early, too many, nobody there. */
export const PASSING = [202, 408, 425, 429, 503];

/** Return a stored picture, recent or kept: no other cache has such addresses. */
export function find(key: string): Promise<Response | undefined> {
  return caches.match(PICTURES + key);
}

/** Whether an answer is a picture, and may be stored. */
export function isPicture(answer: Response): boolean {
  const type = answer.headers.get("Content-Type") ?? "";
  return answer.status === 200 && /^(image\/|application\/pdf)/.test(type);
}

/** Store a picture whole, in place of the one with the same key; it is read to its end first. */
export async function store(key: string, answer: Response, previous?: Response): Promise<void> {
  const headers = storedHeaders(key, answer.headers, previous?.headers);
  const bytes = await (answer.status === 304 ? previous : answer)?.blob();
  const address = PICTURES + key;
  const kept = await caches.open(KEPT);
  const recent = await caches.open(RECENT);
  const isKept = await kept.match(address);
  const put = () => (isKept ? kept : recent).put(address, new Response(bytes, { headers }));
  await put().catch(async (error: unknown) => {
    // Most probably QuotaExceededError: half of the recent pictures make room, once.
    report(error);
    await trim(recent, (await recent.keys()).length / 2);
    await put();
  });
  await trim(recent);
}

const asking = new Map<string, Promise<void>>();

/** Ask the server whether a stored picture is the newest, once at a time; never rejects. */
export function revalidate(asked: Asked): Promise<void> {
  const { key } = asked;
  const running =
    asking.get(key) ??
    ask(asked)
      .catch(async (error: unknown) => {
        report(error);
        await tell({ type: "unreachable", key });
      })
      .finally(() => asking.delete(key));
  asking.set(key, running);
  return running;
}

async function ask(asked: Asked): Promise<void> {
  const { key } = asked;
  const stored = await find(key);
  if (!stored) return;
  const answer = await newest(asked, stored);
  const before = (await find(key)) ?? stored;
  const etag = answer.headers.get("ETag") ?? "";
  const state = answer.headers.get("Plotkiln-Style-State") ?? "";
  if (answer.status === 304 || (isPicture(answer) && etag === before.headers.get("ETag"))) {
    if (isDated(before, answer)) await store(key, answer, before);
    await tell({ type: "unchanged", key, state });
  } else if (isPicture(answer)) {
    await store(key, answer);
    const style = answer.headers.get("Plotkiln-Style") ?? "";
    await tell({ type: "replaced", key, etag, style, state });
  } else if (!PASSING.includes(answer.status)) {
    await tell({ type: "refused", key, fault: await faultOf(answer) });
  }
}

/** Ask at the chart's own address: a POST has no representation that a tag could match. */
async function newest(asked: Asked, stored: Response): Promise<Response> {
  const address = stored.headers.get("Content-Location");
  const etag = stored.headers.get("ETag");
  if (address && etag) {
    const answer = await fetch(address, {
      headers: { Accept: "application/json", "If-None-Match": etag },
    });
    if (answer.status !== 404) return answer;
  }
  return draw(asked);
}

/** Draw by POST, for whoever is signed in by then; what has an owner, for them alone. */
export async function draw(asked: Asked & { owner?: string }): Promise<Response> {
  const { owner } = asked;
  const first = owner ? new Response(null, { status: 401 }) : await post(asked);
  if (first.status !== 401 && first.status !== 403) return first;
  const { csrf, identity, name } = await (await fetch("/session")).json();
  return identity === false || name === (owner ?? name) ? post(asked, csrf) : first;
}

function post({ body, accept, headers }: Asked, csrf?: string): Promise<Response> {
  return fetch("/plot", {
    method: "POST",
    body,
    headers: {
      "Content-Type": "application/json",
      Accept: accept,
      [CSRF_HEADER]: csrf || "",
      ...headers,
    },
  });
}

/** Return the first reason that a refusal names. */
export async function faultOf(answer: Response): Promise<string> {
  const problem = await answer.json().catch(report);
  return problem?.errors?.[0]?.message ?? problem?.title ?? `HTTP ${answer.status}`;
}

/** Whether a stored picture's headers are too old, or say another look than the server does. */
function isDated(stored: Response, answer: Response): boolean {
  const age = Date.now() - Number(stored.headers.get(CHECKED_HEADER));
  const differs = (name: string) => answer.headers.get(name) !== stored.headers.get(name);
  return age > REDATED_AFTER || differs("Plotkiln-Style") || differs("Plotkiln-Style-State");
}
