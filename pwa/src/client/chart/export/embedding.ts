/** A chart in other people's pages: an address that stays, and always shows today's style. */

import { signal } from "@preact/signals";
import type { Format } from "../../../shared/pictures";
import { Problem, request } from "../../http/problems";
import { knowSession, session } from "../../session/session";

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

/** Who sees what the last copied address leads to: anybody until then, or who signs in (`null`). */
export const goodUntil = signal<Date | null | undefined>(undefined);

/** Store a spec and return the whole address of its picture; throws `Problem`. */
export async function embedAddress(spec: object, format: Format): Promise<string> {
  goodUntil.value = undefined;
  await knowSession();
  const answer = await posted("/charts", spec);
  const stored = (await answer.json()) as StoredChart;
  const address = stored.formats[format] ?? stored.url;
  const signed = session.peek()?.identity ? await signedAddress(address) : address;
  return new URL(signed, location.origin).href;
}

/** Return the address with a signature, so that it needs no sign-in; as it is, where none can be had. */
async function signedAddress(path: string): Promise<string> {
  try {
    const answer = await posted("/addresses", { address: path, hours: SPANS[span.peek()] });
    const { address, expires } = (await answer.json()) as SignedAddress;
    goodUntil.value = new Date(expires);
    return address;
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== "not-offered") throw error;
    goodUntil.value = null;
    return path;
  }
}

function posted(path: string, body: object): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return request(path, { method: "POST", body: JSON.stringify(body), headers });
}
