/** Whether the server can be reached: what requests show, and not only what the browser knows. */

import { signal } from "@preact/signals";

export const online = signal(navigator.onLine);

/** Take note of what a request showed. */
export function observe(reached: boolean): void {
  online.value = reached;
}

/** Ask the server whether it is there. */
export async function probe(): Promise<void> {
  const answered = await fetch("/health/live", { cache: "no-store" }).catch(() => null);
  observe(answered !== null);
}

// A network is not yet a server.
addEventListener("online", () => void probe());
addEventListener("offline", () => observe(false));
