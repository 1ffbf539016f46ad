/** What news about a picture mean for a kept chart. */

import type { News } from "../../shared/pictures";
import type { SavedChart } from "../store/database";

/** Return a chart as the news leave it: the very same where they say nothing of it. */
export function after(told: News, chart: SavedChart): SavedChart {
  if (told.type === "refused") return { ...chart, fault: told.fault };
  const { fault, restyled, ...rest } = chart;
  if (told.type === "replaced") {
    const { etag, style } = told;
    return style === chart.style ? { ...rest, etag } : { ...rest, etag, restyled: style };
  }
  if (told.type !== "unchanged" || !fault) return chart;
  return restyled ? { ...rest, restyled } : rest;
}
