/** Whether somebody is there: what nobody looks at must keep no server awake. */

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

/** Call `act` whenever the user or the network comes back. */
export function onReturn(act: () => void): void {
  addEventListener("focus", act);
  addEventListener("online", act);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") act();
  });
}

function use(): void {
  last = Date.now();
}
