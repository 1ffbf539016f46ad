/** Whether styles may be changed here, and what stands where they may not. */

import { lazy } from "../elements/lazy";
import { may } from "../session/session";

/** Whether whoever is signed in may change styles. */
export function mayWrite(): boolean {
  return may("styles:write");
}

/** Says that something may not be done; its words are fetched when that is so. */
export const Lacking = lazy(() => import("../session/lacking").then((part) => part.Lacking), 40);
