/** Asking time and again, where sockets fail: a proxy may let none through. */

import { pause } from "./backoff";
import type { Wish } from "./wishes";

/** Milliseconds until a wish is polled for again whose polling ended, well or not. */
const AGAIN = 5_000;

export class Polling {
  readonly #running = new Map<Wish, AbortController>();

  /** Poll for these wishes from now on, and for no other. */
  keep(wanted: readonly Wish[]): void {
    for (const [one, stopping] of this.#running) {
      if (wanted.includes(one)) continue;
      this.#running.delete(one);
      stopping.abort();
    }
    for (const one of wanted) if (!this.#running.has(one)) this.#start(one);
  }

  #start(one: Wish): void {
    if (!one.poll) return;
    const stopping = new AbortController();
    this.#running.set(one, stopping);
    void poll(one, stopping.signal);
  }
}

async function poll(one: Wish, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await one.poll?.(signal);
    } catch (error) {
      if (!signal.aborted) console.warn("polling ended", error);
    }
    await pause(signal, AGAIN);
  }
}
