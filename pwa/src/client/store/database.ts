/** What this browser keeps: the drafts in work, the gallery, the queue. */

import { type DBSchema, type IDBPDatabase, openDB, unwrap } from "idb";
import {
  createStores,
  DATABASE,
  DATABASE_VERSION,
  type Handed,
  type Queued,
} from "../../shared/database";
import type { Format } from "../../shared/pictures";
import type { Draft } from "../charts/draft";
import type { ChartJob } from "../charts/job";

export type { Queued };

/** One chart of the gallery. */
export interface SavedChart {
  id: string;
  name: string;
  draft: Draft;
  /** As it was sent to `POST /plot`. */
  spec: object;
  format: Format;
  /** The key of its picture (`shared/pictures.ts`), there or to come. */
  picture: string;
  state: "drawn" | "queued" | "failed";
  /** Why it failed. */
  fault?: string;
  /** The picture's entity tag; empty while it was never drawn. */
  etag: string;
  /** The look that the user last saw it in, `corporate@42`; empty while it was never drawn. */
  style: string;
  /** The look of the stored picture, where it is another one by now. */
  restyled?: string;
  /** Milliseconds since 1970. */
  created: number;
  changed: number;
}

/** The chart in work of one tab. */
export interface KeptDraft extends Draft {
  /** Milliseconds since 1970; missing where it was kept for all tabs together. */
  saved?: number;
  /** What drawing it became, while that is a job. */
  job?: ChartJob;
}

interface Schema extends DBSchema {
  drafts: { key: string; value: KeptDraft };
  charts: { key: string; value: SavedChart; indexes: { state: string } };
  queue: { key: string; value: Queued };
  handed: { key: string; value: Handed };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** Open the database, once. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(DATABASE, DATABASE_VERSION, {
    upgrade: (created) => createStores(unwrap(created) as IDBDatabase),
  });
  return opened;
}

/** Store nothing any more: whoever asks for the database waits until the page is gone. */
export function shut(): void {
  opened = new Promise(() => undefined);
}
