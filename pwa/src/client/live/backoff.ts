/** How long to wait before the next try. */

/** Milliseconds before the second try, and the most before any. */
const FIRST = 1_000;
const LONGEST = 60_000;

/**
 * Return the milliseconds to wait after so many failures in a row, at least one.
 *
 * Half of it is by chance, so that the pages of a server that restarts do not all come back at once.
 */
export function backoff(failures: number, chance = Math.random()): number {
  const whole = Math.min(FIRST * 2 ** (failures - 1), LONGEST);
  return whole / 2 + (whole / 2) * chance;
}

/** Resolve after some milliseconds, or at once when `signal` says so. */
export function pause(signal: AbortSignal, length: number): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, length);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
  });
}
