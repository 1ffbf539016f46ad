/** What the worker says: to every page, and to the console. */

import type { News } from "../shared/pictures";
import { worker } from "./scope";

/** Tell every page, also one that is not controlled yet. */
export async function tell(news: News): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage(news);
}

/** Take an error that nobody waits for. */
export function report(error: unknown): void {
  console.warn(error);
}
