/** The database that the page and the service worker share. */

export const DATABASE = "plotkiln";
export const DATABASE_VERSION = 1;

/** A chart that waits for the network. */
export interface Queued {
  /** Whose it is: the gallery chart's id, or `bench` for the one in work. One waits for each. */
  place: string;
  /** Its picture's key, once drawn. */
  key: string;
  body: string;
  accept: string;
  /** Milliseconds since 1970. */
  since: number;
  /** Why the server refused it for good; it does not wait any longer then. */
  fault?: string;
}

/** A file or a text that another app gave to this one, and that nobody took up yet. */
export interface Handed {
  name: string;
  text: string;
}

/** The key of `Handed` in its store. */
export const SHARED = "shared";

/** Create what a new database holds; whoever opens it first does this. */
export function createStores(created: IDBDatabase): void {
  created.createObjectStore("drafts");
  created.createObjectStore("charts", { keyPath: "id" }).createIndex("state", "state");
  created.createObjectStore("queue", { keyPath: "place" });
  created.createObjectStore("handed");
}
