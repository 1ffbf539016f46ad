/** What the page and the service worker agree on: how a picture is named, and who tells whom. */

/** Addresses that only the service worker answers: `/pictures/<key>`. */
export const PICTURES = "/pictures/";

/** The formats that a page can show and download. */
export const FORMATS = ["png", "svg", "pdf", "webp", "jpeg"] as const;
export type Format = (typeof FORMATS)[number];

export const MEDIA_TYPES: Record<Format, string> = {
  png: "image/png",
  svg: "image/svg+xml",
  pdf: "application/pdf",
  webp: "image/webp",
  jpeg: "image/jpeg",
};

/** On answers of the worker: the key of the stored picture. */
export const KEY_HEADER = "Plotkiln-Key";
/** On answers of the worker: `stored` when nobody was asked yet, `drawn` when it came just now. */
export const FROM_HEADER = "Plotkiln-From";

/** The problem type of the worker's own answer when there is no network and no stored picture. */
export const OFFLINE = "/docs#offline";

/**
 * Return the name of a chart's stored picture: of everything that the request says.
 *
 * Two specs that differ in one byte, or two formats of one spec, never share a picture.
 */
export async function pictureKey(body: string, path: string, format: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${format}\n${path}\n${body}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What a page asks of the worker. */
export type Request =
  /** Ask the server whether this picture is still the newest, by a conditional GET. */
  | { type: "revalidate"; key: string }
  /** Draw what waits in the queue. */
  | { type: "drain" }
  /** A waiting worker takes over. */
  | { type: "take over" };

/** What the worker tells every page. */
export type News =
  /** The stored picture was replaced by one with another ETag. */
  | { type: "replaced"; key: string; etag: string; style: string; state: string }
  /** The server was asked, and the stored picture is the newest. */
  | { type: "unchanged"; key: string; state: string }
  /** A queued chart was drawn, or was refused for good. */
  | { type: "drained"; key: string; fault?: string };
