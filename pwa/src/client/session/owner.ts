/** Whose the work in this browser is: what one person leaves is not shown to the next. */

import { CLEARING, NOBODY, OUT, OWNER, owner } from "./remembered";
import type { Session } from "./session";

/**
 * Take up who is signed in.
 *
 * Where the work here is another's, all of it is removed and the page is loaded anew: the promise
 * stays open then, so that nothing else happens.
 */
export async function takeOver({ identity, name }: Session): Promise<void> {
  const before = owner();
  if (identity && name === null) localStorage.setItem(OUT, "1");
  else localStorage.removeItem(OUT);
  if (isOfAnother(before, name)) {
    await clear(name);
    location.reload();
    await new Promise(() => undefined);
  }
  if (!identity || name === null || name === before) return;
  if (before === NOBODY) await forgetLate();
  localStorage.setItem(OWNER, name);
}

function isOfAnother(before: string | null, name: string | null): boolean {
  if (before === null || before === NOBODY) return false;
  return before === CLEARING || (name !== null && name !== before);
}

async function clear(name: string | null): Promise<void> {
  const { forgetAll } = await import("./forgetting");
  // Every tab stops to store anything, this one as well.
  localStorage.setItem(OWNER, CLEARING);
  await forgetAll();
  localStorage.setItem(OWNER, name ?? NOBODY);
}

/** Remove pictures that the service worker stored after their owner had signed out. */
async function forgetLate(): Promise<void> {
  const { forgetPictures } = await import("./forgetting");
  await forgetPictures();
}
