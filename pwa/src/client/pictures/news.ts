/** What the service worker tells, and what the page finds out where it has no worker. */

import { signal } from "@preact/signals";
import type { News, Request } from "../../shared/pictures";
import { readSession, session, signedOut } from "../session/session";
import { observe } from "./connection";

/** The last news; each is a value of its own, so that an effect sees every one. */
export const news = signal<News | null>(null);

/** Tell every part of the page. */
export function publish(told: News): void {
  observe(told.type !== "unreachable");
  news.value = told;
}

/** Ask the worker for something; false while no worker controls the page. */
export function ask(wish: Request): boolean {
  const worker = navigator.serviceWorker?.controller;
  worker?.postMessage(wish);
  return Boolean(worker);
}

// From before the first picture is asked for, since the worker tells of it at once.
navigator.serviceWorker?.addEventListener("message", (event: MessageEvent<News>) => {
  void take(event.data);
});

/** What is refused because a session has ended says nothing of the picture. */
async function take(told: News): Promise<void> {
  const mayBeOut = told.type === "refused" && session.peek()?.identity;
  if (mayBeOut) await readSession();
  if (mayBeOut && signedOut.peek()) publish({ type: "signed out", key: told.key });
  else publish(mayBeOut ? { ...told, fault: await inWords(told.fault) } : told);
}

/** The worker knows only the server's words. */
async function inWords(fault: string): Promise<string> {
  const part = await import("../session/refusals").catch(() => null);
  return part ? part.faultInWords(fault) : fault;
}
