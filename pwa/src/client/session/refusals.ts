/** Refusals of who asks, in the user's words. */

import type { Problem } from "../http/problems";
import { ago } from "../language/formats";
import { knowSession, may, SCOPES, type Scope, session } from "./session";
import { words } from "./words";

/** The scope that a refusal names (RFC 6750, section 3). */
const MISSING = /scope="([^"]*)"/;

/** Return what a refusal of 401, 403 or 429 says; what the server said, where nothing better is known. */
export async function inWords(problem: Problem, headers: Headers): Promise<string> {
  await words.load();
  if (problem.status === 401) return isForKeys() ? words().keysOnly : words().refused;
  if (problem.status === 403) return lacking(headers) ?? problem.message;
  return problem.kind === "limit" ? limited(problem) : problem.message;
}

/** What is stored takes room for good: nobody can say when there is any. */
function limited(problem: Problem): string {
  return problem.reason === "quota" ? words().full : words().limit(when(problem));
}

/** Return why a chart was not drawn; where they may not draw, the server says nothing better. */
export async function faultInWords(fault: string): Promise<string> {
  await Promise.all([words.load(), knowSession()]);
  return may("render") ? fault : lacks("render");
}

/** Whether nobody can sign in by a browser. */
function isForKeys(): boolean {
  return session.peek()?.sign_in === null;
}

function lacking(headers: Headers): string | null {
  const named = MISSING.exec(headers.get("WWW-Authenticate") ?? "")?.[1];
  const scope = SCOPES.find((known) => known === named);
  return scope ? lacks(scope) : null;
}

function lacks(scope: Scope): string {
  return words().lacks(words().acts[scope], scope);
}

function when({ retryAfter }: Problem): string {
  return ago(Date.now() + 1000 * (retryAfter ?? 1));
}
