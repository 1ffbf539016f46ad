/** A chart in other people's pages: an address that stays, and always shows today's style. */

import type { Format } from "../../../shared/pictures";
import { request } from "../../http/problems";

interface StoredChart {
  id: string;
  url: string;
  formats: Partial<Record<Format, string>>;
}

/** Store a spec and return the whole address of its picture; throws `Problem`. */
export async function embedAddress(spec: object, format: Format): Promise<string> {
  const answer = await request("/charts", {
    method: "POST",
    body: JSON.stringify(spec),
    headers: { "Content-Type": "application/json" },
  });
  const stored = (await answer.json()) as StoredChart;
  return new URL(stored.formats[format] ?? stored.url, location.origin).href;
}
