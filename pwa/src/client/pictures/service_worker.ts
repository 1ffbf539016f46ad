/** The service worker's life as the page sees it: registered, waiting, taking over. */

import { signal } from "@preact/signals";
import type { Request } from "../../shared/pictures";

/** A newer version of the app is stored and waits for leave. */
export const updateWaiting = signal(false);

let registration: ServiceWorkerRegistration | undefined;
/** Whether this page asked for the version that takes over. */
let asked = false;

/** Register the worker; the app works without one, but not offline. */
export function startServiceWorker(): void {
  const container = navigator.serviceWorker;
  if (!container) return;
  let controlled = Boolean(container.controller);
  container.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    // Another page let it take over: this one works on, and reloads when the user wants it.
    else if (controlled) updateWaiting.value = true;
    controlled = true;
    asked = false;
  });
  container.register("/sw.js", { updateViaCache: "none" }).then(follow, (error: unknown) => {
    console.warn("no service worker", error);
  });
}

/** Let the waiting version take over, then load the page anew, once. */
export function applyUpdate(): void {
  const waiting = registration?.waiting;
  if (!waiting) {
    location.reload();
    return;
  }
  asked = true;
  waiting.postMessage({ type: "take over" } satisfies Request);
}

/** Ask the server for a newer version of the app; rejects when it cannot be reached. */
export async function checkForUpdate(): Promise<boolean> {
  const found = await registration?.update();
  return Boolean(found?.installing ?? found?.waiting);
}

function follow(registered: ServiceWorkerRegistration): void {
  registration = registered;
  offer(registered.waiting);
  watch(registered.installing);
  registered.addEventListener("updatefound", () => watch(registered.installing));
}

function watch(installing: ServiceWorker | null): void {
  installing?.addEventListener("statechange", () => {
    if (installing.state === "installed") offer(installing);
  });
}

/** A waiting worker is an update where another one is at work; else it is the first. */
function offer(waiting: ServiceWorker | null): void {
  if (waiting && navigator.serviceWorker.controller) updateWaiting.value = true;
}
