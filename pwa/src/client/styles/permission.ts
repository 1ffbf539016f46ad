/** Whether styles may be changed here, and what stands where they may not. */

import { lazy } from "../elements/lazy";
import { may, signedOut } from "../session/session";

/** Whether whoever is signed in may change styles; somebody signed out edits for later. */
export function mayWrite(): boolean {
  return may("styles:write");
}

/** Whether what is edited can be stored now. */
export function maySave(): boolean {
  return mayWrite() && !signedOut.value;
}

/** Says that something may not be done; its words are fetched when that is so. */
export const Lacking = lazy(() => import("../session/lacking").then((part) => part.Lacking), 40);
/** Says that something is refused for now. */
export const Refused = lazy(() => import("../session/refused").then((part) => part.Refused), 40);
