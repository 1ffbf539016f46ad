/** Removing from this browser what belongs to a person; how they like the app to look stays. */

import { KEPT, RECENT } from "../../shared/pictures";
import { database, shut } from "../store/database";
import { OUT, OWNER } from "./remembered";

const OURS = "plotkiln.";

/** What says nothing of a person's work. */
const STAYS: readonly string[] = [
  "plotkiln.language",
  "plotkiln.theme",
  "plotkiln.folded",
  "plotkiln.single_keys",
  "plotkiln.notifications",
  OWNER,
  OUT,
];

/**
 * Remove gallery, drafts, queue, jobs, unsaved styles and every picture.
 *
 * The page can store nothing any more, and must be loaded anew.
 */
export async function forgetAll(): Promise<void> {
  const kept = await database();
  shut();
  const names = [...kept.objectStoreNames];
  const clearing = kept.transaction(names, "readwrite");
  await Promise.all([...names.map((name) => clearing.objectStore(name).clear()), clearing.done]);
  for (const storage of [localStorage, sessionStorage]) forgetIn(storage);
  await Promise.all([forgetPictures(), closeNotifications()]);
}

/** Remove every picture, those of the gallery among them. */
export async function forgetPictures(): Promise<void> {
  // Browsers store nothing for pages that came without HTTPS.
  if (!isSecureContext) return;
  await Promise.all([RECENT, KEPT].map((name) => caches.delete(name)));
}

function forgetIn(storage: Storage): void {
  for (const key of Object.keys(storage)) {
    if (key.startsWith(OURS) && !STAYS.includes(key)) storage.removeItem(key);
  }
}

/** They name charts, and lie beside the app. */
async function closeNotifications(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
}
