/** Something that is tried again while it fails: after a while, each time longer. */

import { backoff } from "./backoff";

export class Trying {
  /** Failures in a row. */
  failures = 0;
  #next = 0;

  /** Whether it is time for a try. */
  get isDue(): boolean {
    return Date.now() >= this.#next;
  }

  /** Take note that it failed, or is to be found so. */
  failed(): void {
    this.failures += 1;
    this.#next = Date.now() + backoff(this.failures);
  }

  /** Forget how often it failed. */
  reset(): void {
    this.failures = 0;
    this.#next = 0;
  }
}
