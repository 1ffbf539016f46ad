/** Whether somebody is there: what nobody looks at must keep no server awake. */

import { signedOut } from "../session/session";

/** Milliseconds after the last sign of life. */
const IDLE_AFTER = 120_000;

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "scroll"];

let last = Date.now();

/** Begin to take note of pointer, keys and scrolling. */
export function startUse(): void {
  for (const sign of SIGNS) addEventListener(sign, use, { passive: true, capture: true });
}

/** Whether the page is visible, and was used within the last two minutes. */
export function isUsed(): boolean {
  return document.visibilityState === "visible" && Date.now() - last < IDLE_AFTER;
}

/** Call `act` whenever the user or the network comes back; return what ends that. */
export function onReturn(act: () => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const seen = () => document.visibilityState === "visible" && act();
  addEventListener("focus", act, { signal });
  addEventListener("online", act, { signal });
  document.addEventListener("visibilitychange", seen, { signal });
  return () => ending.abort();
}

/**
 * Call `look` time and again while the page is used, and whenever the user or the network comes
 * back; return what ends that. `every` is in milliseconds.
 */
export function whileUsed(look: () => void, every: number): () => void {
  // Whoever is signed out is refused: that they come back is seen at once.
  const timer = setInterval(() => isUsed() && !signedOut.peek() && look(), every);
  const stop = onReturn(look);
  return () => {
    clearInterval(timer);
    stop();
  };
}

function use(): void {
  last = Date.now();
}
