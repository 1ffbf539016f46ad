/** How much room this browser gives, and whether it may take it back. */

import { signal } from "@preact/signals";

export interface Space {
  /** Bytes. */
  used: number;
  quota: number;
  /** Whether the browser promised not to clear it when the disk fills up. */
  persisted: boolean;
}

/** What the browser last said; null where it says nothing. */
export const space = signal<Space | null>(null);

/** The share of the quota from which it is nearly full. */
const NEARLY = 0.9;

/** Whether so much is stored that the next picture may not fit. */
export function isNearlyFull(measured: Space | null): boolean {
  return measured !== null && measured.quota > 0 && measured.used / measured.quota >= NEARLY;
}

/** Ask the browser. */
export async function measureSpace(): Promise<void> {
  if (!navigator.storage?.estimate) return;
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
  ]);
  space.value = { used: usage, quota, persisted };
}

/** Ask that what is stored stays; the browser decides, some ask the user. */
export async function askToPersist(): Promise<void> {
  if (!navigator.storage?.persist || (await navigator.storage.persisted())) return;
  await navigator.storage.persist();
  await measureSpace();
}
