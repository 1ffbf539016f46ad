/** Asking time and again, where sockets fail: a proxy may let none through. */

import type { Wish } from "./wishes";

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
    one.poll(stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) console.warn("polling ended", error);
    });
  }
}
