/** What an event carries, as it is shown. */

/** Characters of data that are shown; the rest would make the page slow. */
export const LONGEST = 20_000;

export type Carried =
  | { kind: "none" }
  /** `bytes` of something that is no text. */
  | { kind: "binary"; bytes: number }
  /** `text` is the beginning where it is `cut`; `length` counts the characters of all. */
  | { kind: "text"; text: string; length: number; cut: boolean };

/** Return the data of an event in the JSON format; JSON is set in lines. */
export function carriedBy(event: Readonly<Record<string, unknown>>): Carried {
  if (typeof event.data_base64 === "string") {
    return { kind: "binary", bytes: bytesOf(event.data_base64) };
  }
  if (event.data === undefined) return { kind: "none" };
  const whole = typeof event.data === "string" ? event.data : JSON.stringify(event.data, null, 2);
  const cut = whole.length > LONGEST;
  return { kind: "text", text: whole.slice(0, LONGEST), length: whole.length, cut };
}

/** Return the attributes of an event, the required ones first, as they were sent. */
export function attributesOf(
  event: Readonly<Record<string, unknown>>,
): readonly (readonly [string, string])[] {
  return Object.entries(event)
    .filter(([name]) => name !== "data" && name !== "data_base64")
    .map(([name, value]) => [name, String(value)] as const);
}

/** Return how many bytes Base64 stands for (RFC 4648): three for four characters, less the padding. */
function bytesOf(base64: string): number {
  return (base64.length / 4) * 3 - (/=*$/.exec(base64)?.[0].length ?? 0);
}
