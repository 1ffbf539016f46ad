/** A chart in other people's pages: an address that stays, and always shows today's style. */

import { computed, signal } from "@preact/signals";
import type { Format } from "../../../shared/pictures";
import { Problem, request } from "../../http/problems";
import { knowSession, session } from "../../session/session";
import { currentSpec, NothingToExport } from "./current_spec";
import { format } from "./format";

interface StoredChart {
  id: string;
  url: string;
  formats: Partial<Record<Format, string>>;
}

interface SignedAddress {
  address: string;
  expires: string;
}

/** How long a signed address is good, in hours. */
export const SPANS = { day: 24, week: 24 * 7, month: 24 * 30, year: 24 * 365 } as const;
export type Span = keyof typeof SPANS;

/** How long the next one is to be good. */
export const span = signal<Span>("month");

/** Who sees what the last copied address leads to, and what was chosen when it was copied. */
const copied = signal<{ until: Date | null; of: string } | null>(null);

/**
 * Who sees what the copied address leads to: anybody until then, or who signs in (`null`).
 *
 * Undefined where the chart, its format or the span is another than when it was copied.
 */
export const goodUntil = computed(() =>
  copied.value && copied.value.of === chosen() ? copied.value.until : undefined,
);

/** Store a spec and return the whole address of its picture; throws `Problem`. */
export async function embedAddress(spec: object, wanted: Format): Promise<string> {
  copied.value = null;
  const of = chosen();
  await knowSession();
  const answer = await posted("/charts", spec);
  const stored = (await answer.json()) as StoredChart;
  const address = stored.formats[wanted] ?? stored.url;
  if (!session.peek()?.identity) return whole(address);
  const signed = await signedAddress(address);
  copied.value = { until: signed && new Date(signed.expires), of };
  return whole(signed?.address ?? address);
}

/** Return the address with a signature, so that it needs no sign-in; null where none can be had. */
async function signedAddress(path: string): Promise<SignedAddress | null> {
  try {
    const answer = await posted("/addresses", { address: path, hours: SPANS[span.peek()] });
    return (await answer.json()) as SignedAddress;
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== "not-offered") throw error;
    return null;
  }
}

/** Return what an address is of, as text; empty while there is no chart. */
function chosen(): string {
  try {
    return JSON.stringify([currentSpec(), format.value, span.value]);
  } catch (error) {
    if (error instanceof NothingToExport) return "";
    throw error;
  }
}

function whole(path: string): string {
  return new URL(path, location.origin).href;
}

function posted(path: string, body: object): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return request(path, { method: "POST", body: JSON.stringify(body), headers });
}
