/** Few long polls at once: a browser opens six connections to a server, and pictures need some. */

const MOST = 2;

let running = 0;
const waiting: (() => void)[] = [];

/** Do something when it has its turn; not at all where `signal` gave up until then. */
export async function inTurn(signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  if (running >= MOST) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    if (!signal.aborted) await act();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
