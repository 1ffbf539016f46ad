/** Files and texts that come from outside: shared by another app, or opened with this one. */

import { signal } from "@preact/signals";
import { type Handed, SHARED } from "../../shared/database";
import { database } from "./database";

/** What came and was not taken up yet; whoever takes it sets null. */
export const handed = signal<Handed | null>(null);

/** The part of the File Handling API (WICG) that is used here. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { files: readonly FileSystemFileHandle[] }) => void): void;
}

/** Take what was shared and what is opened, now and later. */
export async function startHanded(): Promise<void> {
  (window as { launchQueue?: LaunchQueue }).launchQueue?.setConsumer(({ files }) => {
    if (files[0]) void takeFile(files[0]);
  });
  handed.value = (await takeShared()) ?? handed.value;
}

/** Return what another app shared, once. */
export async function takeShared(): Promise<Handed | null> {
  const kept = await database();
  const shared = await kept.get("handed", SHARED);
  if (!shared) return null;
  await kept.delete("handed", SHARED);
  return shared;
}

async function takeFile(handle: FileSystemFileHandle): Promise<void> {
  const file = await handle.getFile();
  handed.value = { name: file.name, text: await file.text() };
}
