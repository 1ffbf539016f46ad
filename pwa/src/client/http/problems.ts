/** The server's refusals (RFC 9457), and the network's. */

import { FROM_HEADER } from "../../shared/pictures";
import { observe } from "../pictures/connection";
import { isSafe, knowSession, readSession, session, signed, signedOut } from "../session/session";

export interface Fault {
  /** `axes.y.limits[0]`; empty for the whole document. */
  path: string;
  message: string;
}

export interface ProblemDocument {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: Fault[];
  /** Of the kind `limit`: which one. */
  reason?: "rate" | "concurrency" | "quota";
}

/** A refused request: every fault with its place. */
export class Problem extends Error {
  /** `schema`, `rules`, `lost-race`, `offline`, …: the end of the problem's type. */
  readonly kind: string;
  readonly status: number;
  readonly faults: readonly Fault[];
  readonly reason: ProblemDocument["reason"];
  /** Seconds after which another try makes sense; null where the server named none. */
  readonly retryAfter: number | null;

  constructor(document: ProblemDocument, status: number, retryAfter: number | null = null) {
    super(document.detail ?? document.title ?? `HTTP ${status}`);
    this.kind = document.type?.split("#")[1] ?? "unknown";
    this.status = status;
    this.faults = document.errors ?? [];
    this.reason = document.reason;
    this.retryAfter = retryAfter;
  }
}

/** Return an answer that is good; throw its `Problem` otherwise, and one of kind `offline` when there was none. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await sent(path, init);
  if (answer.ok || answer.status === 304) {
    if (answer.headers.get(FROM_HEADER) !== "stored") observe(true);
    return answer;
  }
  const retryAfter = Number(answer.headers.get("Retry-After")) || null;
  const problem = new Problem(await described(answer), answer.status, retryAfter);
  observe(problem.kind !== "offline");
  if (isOfWho(problem)) await explain(problem, answer.headers);
  throw problem;
}

/** Send a request as whoever is signed in; once more where that was not known before. */
async function sent(path: string, init: RequestInit): Promise<Response> {
  if (!isSafe(init)) await knowSession();
  const answer = await reached(path, signed(init));
  if (!isOfNobody(answer) || signedOut.peek()) return answer;
  const before = session.peek()?.csrf;
  await readSession();
  const now = session.peek()?.csrf;
  return isSafe(init) || !now || now === before ? answer : reached(path, signed(init));
}

/** Whether it may be refused because the page knows the session no more, or not yet. */
function isOfNobody({ headers, status }: Response): boolean {
  const isLacking = headers.get("WWW-Authenticate")?.includes("insufficient_scope");
  return status === 401 || (status === 403 && !isLacking);
}

/** Whether a refusal is about who asks, not about what is asked for. */
function isOfWho({ kind, status }: Problem): boolean {
  return status === 401 || status === 403 || kind === "limit";
}

/** Whether it is over once whoever asks has signed in, or waited: no fault of anything. */
export function isForNow({ kind, reason, status }: Problem): boolean {
  return status === 401 || (kind === "limit" && reason !== "quota");
}

/** Say in the user's words what is missing. */
async function explain(problem: Problem, headers: Headers): Promise<void> {
  try {
    const { inWords } = await import("../session/refusals");
    problem.message = await inWords(problem, headers);
  } catch (error) {
    console.warn("the server's own words stand", error);
  }
}

async function reached(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    observe(false);
    throw new Problem({ type: "#offline", title: "The server cannot be reached." }, 0);
  }
}

async function described(answer: Response): Promise<ProblemDocument> {
  const unsaid = { title: answer.statusText };
  if (!answer.headers.get("Content-Type")?.includes("json")) return unsaid;
  const said: unknown = await answer.json().catch(() => null);
  return typeof said === "object" && said !== null ? said : unsaid;
}
