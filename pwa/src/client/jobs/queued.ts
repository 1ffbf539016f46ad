/** Charts of the queue that became jobs: their ends are waited for, also after a reload. */

import type { Queued } from "../store/database";
import { ended, faultOf } from "./ending";
import { follow } from "./followed";
import { put } from "./list";
import { refreshJob } from "./watching";

/** Jobs that are waited for already. */
const waiting = new Set<string>();

/**
 * Return what became of a queued chart's job when it has ended: null where it can be drawn now,
 * else why it failed. Resolves to undefined where somebody waits for it already.
 */
export async function outcomeOf({ job: address }: Queued): Promise<string | null | undefined> {
  const id = idOf(address ?? "");
  if (waiting.has(id)) return undefined;
  waiting.add(id);
  try {
    const job = await refreshJob(id);
    if (!job) return null;
    const done = await ended(new AbortController().signal, job);
    return done.state === "succeeded" ? null : faultOf(done).message || done.state;
  } finally {
    waiting.delete(id);
  }
}

/** Have the end of an order's job told. */
export async function takeOrder({ job: address }: Queued): Promise<void> {
  const job = await refreshJob(idOf(address ?? ""));
  if (!job) return;
  follow(job);
  put(job);
}

function idOf(address: string): string {
  return address.split("/").at(-1) ?? "";
}
