/** Following who is signed in, from the start of the page to its end. */

import { effect } from "@preact/signals";
import { onReturn } from "../pictures/use";
import { standing } from "../shell/notices";
import { followOwner } from "./leaving";
import { knowSession, readSession, signedOut } from "./session";

/** Begin. */
export function startSession(): void {
  void knowSession();
  followOwner(() => void readSession());
  onReturn(() => {
    if (signedOut.peek()) void readSession();
  });
  effect(showSignedOut);
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
