/** Who is signed in. Nothing is asked where the server does not want to know. */

import { computed, signal } from "@preact/signals";
import { CSRF_HEADER } from "../../shared/session";
import { takeOver } from "./owner";
import { isOut, owner } from "./remembered";

export const SCOPES = ["render", "jobs", "styles:read", "styles:write", "events", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** What the server says of whoever asks. */
export interface Session {
  /** Whether whoever asks must say who they are. */
  identity: boolean;
  /** Null while nobody is signed in. */
  name: string | null;
  /** What people call them. */
  label?: string | null;
  scopes: readonly Scope[];
  /** To be sent along with whatever changes something. */
  csrf: string | null;
  /** Where one signs in; null where nobody can. */
  sign_in: string | null;
  /** When the session ends; ISO 8601. */
  expires: string | null;
}

/** Milliseconds that a page waits to hear who is signed in. */
const PATIENCE = 5_000;

/** What the server last said; null while it was not asked. */
export const session = signal<Session | null>(null);

/** Whether the server wants to know who asks, and nobody is signed in. */
export const signedOut = computed(
  () => session.value?.identity === true && session.value.name === null,
);

/** Whether whoever is signed in may do something: yes, as long as nothing else is known. */
export function may(scope: Scope): boolean {
  return !session.value || signedOut.value || session.value.scopes.includes(scope);
}

let reading: Promise<boolean> | undefined;

/**
 * Ask the server who is signed in, once at a time; return whether it said so.
 *
 * What was known stays where it did not.
 */
export function readSession(): Promise<boolean> {
  reading ??= read().finally(() => {
    reading = undefined;
  });
  return reading;
}

/** Ask unless it is known, or this server is one that does not want to know. */
export async function knowSession(): Promise<void> {
  if (!session.peek() && isWanted()) await readSession();
}

/** Return a request with what shows that this page sends it; one that changes nothing needs none. */
export function signed(init: RequestInit): RequestInit {
  const csrf = session.peek()?.csrf;
  if (!csrf || isSafe(init)) return init;
  const headers = new Headers(init.headers);
  headers.set(CSRF_HEADER, csrf);
  return { ...init, headers };
}

/** Whether a request only looks. */
export function isSafe({ method = "GET" }: RequestInit): boolean {
  return method === "GET" || method === "HEAD";
}

/** The server writes it into the document; a stored document may be older than that. */
function isWanted(): boolean {
  const said = document.querySelector('meta[name="plotkiln-identity"]');
  return said !== null || owner() !== null || isOut();
}

async function read(): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch("/session", { cache: "no-store", signal }).catch(() => null);
  const told: unknown = answer?.ok ? await answer.json().catch(() => null) : null;
  if (!isSession(told)) return false;
  await takeOver(told);
  session.value = told;
  return true;
}

function isSession(told: unknown): told is Session {
  return typeof told === "object" && told !== null && "identity" in told && "scopes" in told;
}
