/** Looks for newer versions of the app: every hour that it is used, and when the user comes back. */

import { checkForUpdate } from "./service_worker";
import { isUsed, onReturn } from "./use";

const HOUR = 3_600_000;
/** Milliseconds within which coming back again asks nothing. */
const AGAIN_AFTER = 60_000;

let last = Date.now();

/** Begin to look. */
export function startUpdates(): void {
  setInterval(() => isUsed() && look(), HOUR);
  onReturn(() => {
    if (Date.now() - last > AGAIN_AFTER) look();
  });
}

function look(): void {
  last = Date.now();
  // Without a network there is nothing newer; the next look asks again.
  checkForUpdate().catch((error: unknown) => console.info("no update check", error));
}
