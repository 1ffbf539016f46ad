/** What the page and the service worker agree on: how a picture is named, and who tells whom. */

/** Addresses that only the service worker answers: `/pictures/<key>`. */
export const PICTURES = "/pictures/";

/** The caches of pictures, whatever the version of the app: one is trimmed, one never. */
export const RECENT = "pictures";
export const KEPT = "gallery";

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
/** On stored pictures: when the server last said that it is the newest, in ms since 1970. */
export const CHECKED_HEADER = "Plotkiln-Checked";

/** On requests of a page: what `give up` names, since a worker does not hear that its page aborts. */
export const ASK_HEADER = "Plotkiln-Ask";

/** The problem type of the worker's own answer when there is no network and no stored picture. */
export const OFFLINE = "/docs#offline";

/** The tag of Background Sync that drains the queue. */
export const DRAIN = "drain";

/**
 * Return the name of a chart's stored picture: of everything that the request says.
 *
 * Members in another order are the same spec, as they are for the server's digest (RFC 8785); all
 * else that differs, be it the format or one number, never shares a picture.
 *
 * @param body - of the request: JSON, or else any text
 * @param path - of the request, with its query
 * @param accept - the request's header: the media type that is asked for
 */
export async function pictureKey(body: string, path: string, accept: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${accept}\n${path}\n${canonical(body)}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function canonical(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body, ordered));
  } catch {
    return body;
  }
}

function ordered(_name: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Return the headers with which a picture is stored; `previous` gives what a 304 leaves out. */
export function storedHeaders(key: string, answer: Headers, previous?: Headers): Headers {
  const headers = new Headers(previous);
  answer.forEach((value, name) => {
    headers.set(name, value);
  });
  // Of the bytes as they travelled, not as they are stored.
  headers.delete("Content-Encoding");
  headers.set(KEY_HEADER, key);
  headers.set(CHECKED_HEADER, `${Date.now()}`);
  return headers;
}

/** A chart whose picture may be asked for: what `POST /plot` was sent. */
export interface Asked {
  key: string;
  body: string;
  accept: string;
  headers?: Record<string, string>;
}

/** What a page asks of the worker. */
export type Request =
  /** Ask the server whether this picture is still the newest, by a conditional GET. */
  | ({ type: "revalidate" } & Asked)
  /** Stop a drawing that the page no longer waits for. */
  | { type: "give up"; ask: string }
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
  /** The server could not be asked; the stored picture is what there is. */
  | { type: "unreachable"; key: string }
  /** The server refuses to draw it anew: its style or its template is gone, or one may not draw. */
  | { type: "refused"; key: string; fault: string }
  /** Nobody is signed in any more, as far as the page found out: the stored picture stays. */
  | { type: "signed out"; key: string }
  /** A queued chart was drawn, became a job, or was refused for good: the queue says which. */
  | { type: "drained"; key: string };
