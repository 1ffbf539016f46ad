/** Finding a chart by what the user remembers of it. */

import type { SavedChart } from "../store/database";

/** Whether every word of a query is in a chart's name, titles, columns, kind, template or style. */
export function isFound(chart: SavedChart, query: string, kind: string): boolean {
  const text = folded(rememberedOf(chart, kind).join(" "));
  return folded(query)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function rememberedOf({ name, draft, style }: SavedChart, kind: string): string[] {
  const { title = "", subtitle = "" } = draft.refinement;
  const columns = Object.values(draft.roles).flat();
  return [name, title, subtitle, ...columns, draft.kind, kind, draft.template?.name ?? "", style];
}

/** Full-width letters and accents that are written apart are no difference, nor is case. */
function folded(text: string): string {
  return text.normalize("NFKC").toLocaleLowerCase().trim();
}
