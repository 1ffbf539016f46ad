/** What a chart is called that nobody named. */

import type { Draft } from "../charts/draft";

/** Return the title, else the names of what is drawn; empty where there is neither. */
export function nameOf(draft: Draft): string {
  const title = draft.refinement.title?.trim();
  const drawn = draft.roles.y ?? draft.roles.x ?? [];
  return title || drawn.join(", ") || (draft.template?.name ?? "");
}
