/** Signing out: in the server, in this browser, and in its other tabs. */

import { Problem, request } from "../http/problems";
import { shut } from "../store/database";
import { OUT } from "./out";
import { CLEARING, NOBODY, OWNER, owner } from "./owner";

/** End the session and remove what belongs to whoever was signed in; throws `Problem`. */
export async function signOut(): Promise<void> {
  await request("/sign-out", { method: "POST" }).catch(unlessOver);
  localStorage.setItem(OUT, "1");
  // Other tabs stop to store anything.
  localStorage.setItem(OWNER, CLEARING);
  const { forgetAll } = await import("./forgetting");
  await forgetAll();
  localStorage.setItem(OWNER, NOBODY);
  beginAnew();
}

/** Follow what other tabs do, also one that was asleep meanwhile; `changed` hears of other news. */
export function followOwner(changed: () => void): void {
  let known = owner();
  const follow = () => {
    const now = owner();
    if (now === known) return;
    const isFirst = known === null || known === NOBODY;
    if (isFirst && now !== CLEARING) {
      known = now;
      return;
    }
    shut();
    if (now !== CLEARING) beginAnew();
  };
  addEventListener("storage", ({ key }) => {
    follow();
    if (key === OUT || key === OWNER) changed();
  });
  addEventListener("pageshow", follow);
  addEventListener("focus", follow);
  document.addEventListener("visibilitychange", follow);
}

/** A session that is over needs no end. */
function unlessOver(error: unknown): void {
  if (!(error instanceof Problem) || error.status !== 401) throw error;
}

/** Load the start of the app: an address may name something of whoever was signed in. */
function beginAnew(): void {
  history.replaceState(null, "", "/");
  location.reload();
}
