/** Following who is signed in, from the start of the page to its end. */

import { effect } from "@preact/signals";
import { onReturn } from "../pictures/use";
import { standing } from "../shell/notices";
import { followOwner } from "./leaving";
import { knowSession, readSession, session, signedOut } from "./session";

/** Begin. */
export function startSession(): void {
  void knowSession();
  followOwner(() => void readSession());
  onReturn(() => void (signedOut.peek() || left() < 0 ? readSession() : knowSession()));
  effect(showSignedOut);
  effect(awaitEnd);
}

/** Milliseconds that the server may be behind this clock. */
const BEHIND = 5_000;
/** Milliseconds that a timer can wait. */
const LONGEST = 2 ** 31 - 1;

/** Ask anew when the session ends; where it has by this clock and not by the server's, never mind. */
function awaitEnd(): (() => void) | undefined {
  const rest = left();
  if (!(rest > 0)) return undefined;
  const timer = setTimeout(() => void readSession(), Math.min(rest + BEHIND, LONGEST));
  return () => clearTimeout(timer);
}

/** Return the milliseconds until the session ends; NaN where it does not. */
function left(): number {
  return Date.parse(session.value?.expires ?? "") - Date.now();
}

/** Say it above every view, and take nothing away. */
function showSignedOut(): void {
  if (!signedOut.value) {
    standing.value = null;
    return;
  }
  import("./signed_out").then(
    (part) => {
      if (signedOut.peek()) standing.value = part.SignedOut;
    },
    (error: unknown) => console.warn("it could not be said that nobody is signed in", error),
  );
}
