/** The service worker's life as the page sees it: registered, waiting, taking over. */

import { signal } from "@preact/signals";

/** A newer version of the app is stored and waits for leave. */
export const updateWaiting = signal(false);

/** Register the worker; the app works without one, but not offline. */
export function startServiceWorker(): void {
  if (!("serviceWorker" in navigator)) return;
  void navigator.serviceWorker.register("/sw.js").catch((error: unknown) => {
    console.warn("no service worker", error);
  });
}

/** Let the waiting version take over, then load the page anew, once. */
export function applyUpdate(): void {
  location.reload();
}
