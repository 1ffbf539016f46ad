/** The database that the page and the service worker share. */

export const DATABASE = "plotkiln";
export const DATABASE_VERSION = 1;

/** A chart that waits for the network. */
export interface Queued {
  /** Whose it is: the gallery chart's id, or `bench` for the one in work. One waits for each. */
  place: string;
  /** Its picture's key, once drawn; of an order, its name. */
  key: string;
  body: string;
  accept: string;
  /** Milliseconds since 1970. */
  since: number;
  /** Who let it wait, and for whom alone it is drawn; missing where nobody was signed in. */
  owner?: string;
  /** What else its request says: that it is to be a job, and under which name. */
  headers?: Record<string, string>;
  /** The address of the job that it became; it does not wait any longer then. */
  job?: string;
  /** Why the server refused it for good; it does not wait any longer then. */
  fault?: string;
  /** Whether the user heard of that. */
  told?: boolean;
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
