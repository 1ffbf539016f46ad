/** The worker that reads tables, so that large ones never hold up the page. */

import type { Read, Reading } from "../shared/table";
import { Unreadable } from "./json";
import { readTable } from "./reading";

self.addEventListener("message", ({ data }: MessageEvent<Reading>) => {
  self.postMessage(answer(data));
});

function answer({ id, source }: Reading): Read {
  try {
    return { id, table: readTable(source) };
  } catch (error) {
    if (error instanceof Unreadable) return { id, fault: error.fault };
    throw error;
  }
}
