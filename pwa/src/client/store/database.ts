/** What this browser keeps: the draft in work, the gallery, the queue. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Draft } from "../charts/draft";

/** One chart of the gallery. */
export interface SavedChart {
  id: string;
  name: string;
  draft: Draft;
  /** As it was sent to `POST /plot`. */
  spec: object;
  /** The key of its stored picture (`shared/pictures.ts`); null while it was never drawn. */
  picture: string | null;
  state: "drawn" | "queued" | "failed";
  /** Why it failed. */
  fault?: string;
  /** Milliseconds since 1970. */
  created: number;
  changed: number;
}

/** A chart that waits for the network. */
export interface Queued {
  /** Its picture's key, once drawn. */
  key: string;
  body: string;
  accept: string;
  /** Milliseconds since 1970. */
  since: number;
}

interface Schema extends DBSchema {
  drafts: { key: string; value: Draft };
  charts: { key: string; value: SavedChart; indexes: { changed: number } };
  queue: { key: string; value: Queued };
}

export const DATABASE = "plotkiln";
export const DATABASE_VERSION = 1;

let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** Open the database, once. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(DATABASE, DATABASE_VERSION, {
    upgrade(created) {
      created.createObjectStore("drafts");
      created.createObjectStore("charts", { keyPath: "id" }).createIndex("changed", "changed");
      created.createObjectStore("queue", { keyPath: "key" });
    },
  });
  return opened;
}
