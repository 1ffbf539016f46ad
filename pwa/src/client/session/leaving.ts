/** Signing out: in the server, in this browser, and in its other tabs. */

import { Problem, request } from "../http/problems";
import { shut } from "../store/database";
import { CLEARING, NOBODY, OUT, OWNER, owner } from "./remembered";

/** Whether it is this page that signs out. */
let leaving = false;

/**
 * End the session and remove what belongs to whoever was signed in; throws `Problem`.
 *
 * `everywhere`: it goes on at the provider, which may not lead back. Returns false where that is
 * told nothing of it: the page stays, to say so, and is to `beginAnew`.
 */
export async function signOut({ everywhere }: { everywhere: boolean }): Promise<boolean> {
  const end = await endSession();
  leaving = true;
  localStorage.setItem(OUT, "1");
  // Other tabs stop to store anything.
  localStorage.setItem(OWNER, CLEARING);
  const { forgetAll } = await import("./forgetting");
  await forgetAll();
  localStorage.setItem(OWNER, NOBODY);
  if (end && everywhere) location.replace(end);
  else if (everywhere) return false;
  else beginAnew();
  return true;
}

/** Return where the session at the provider ends; null where it does not. */
async function endSession(): Promise<string | null> {
  try {
    const answer = await request("/sign-out", { method: "POST" });
    return ((await answer.json()) as { end: string | null }).end;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    return null;
  }
}

/** Follow what other tabs do, also one that was asleep meanwhile; `changed` hears of other news. */
export function followOwner(changed: () => void): void {
  let known = owner();
  const follow = () => {
    const now = owner();
    if (now === known || leaving) return;
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

/** Load the start of the app: an address may name something of whoever was signed in. */
export function beginAnew(): void {
  history.replaceState(null, "", "/");
  location.reload();
}
