/** The server's refusals (RFC 9457), and the network's. */

import { FROM_HEADER } from "../../shared/pictures";
import { observe } from "../pictures/connection";

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
}

/** A refused request: every fault with its place. */
export class Problem extends Error {
  /** `schema`, `rules`, `lost-race`, `offline`, …: the end of the problem's type. */
  readonly kind: string;
  readonly status: number;
  readonly faults: readonly Fault[];
  /** Seconds after which another try makes sense; null where the server named none. */
  readonly retryAfter: number | null;

  constructor(document: ProblemDocument, status: number, retryAfter: number | null = null) {
    super(document.detail ?? document.title ?? `HTTP ${status}`);
    this.kind = document.type?.split("#")[1] ?? "unknown";
    this.status = status;
    this.faults = document.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/** Return an answer that is good; throw its `Problem` otherwise, and one of kind `offline` when there was none. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await reached(path, init);
  if (answer.ok || answer.status === 304) {
    if (answer.headers.get(FROM_HEADER) !== "stored") observe(true);
    return answer;
  }
  const retryAfter = Number(answer.headers.get("Retry-After")) || null;
  const problem = new Problem(await described(answer), answer.status, retryAfter);
  observe(problem.kind !== "offline");
  throw problem;
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
