import { EMPTY_DRAFT } from "../../src/client/charts/draft";
import type { SavedChart } from "../../src/client/store/database";

/** Return a kept chart. */
export function saved(changed: Partial<SavedChart> = {}): SavedChart {
  return {
    id: "one",
    name: "Profit",
    draft: {
      ...EMPTY_DRAFT,
      source: { ...EMPTY_DRAFT.source, text: "month,profit\n1,2" },
      roles: { x: ["month"], y: ["profit"] },
      refinement: { title: "Profit", subtitle: "in 千元" },
    },
    spec: { y: [1, 2], title: "Profit" },
    format: "png",
    picture: "k",
    state: "drawn",
    etag: '"1"',
    style: "default@1",
    created: 1,
    changed: 2,
    ...changed,
  };
}
