/** What this browser remembers of who signs in. */

/** Whether nobody was signed in when the server was last asked. */
export const OUT = "plotkiln.signed-out";

/** Names whose the work here is; missing where nobody ever signed in. */
export const OWNER = "plotkiln.owner";

/** In place of a name: somebody signed out, and what they left is being removed. */
export const CLEARING = "!";
/** In place of a name: what they left is removed. */
export const NOBODY = "";

/** Return whose the work here is; null where nobody ever signed in. */
export function owner(): string | null {
  return localStorage.getItem(OWNER);
}

/** Whether nobody was signed in when the server was last asked. */
export function isOut(): boolean {
  return localStorage.getItem(OUT) !== null;
}
