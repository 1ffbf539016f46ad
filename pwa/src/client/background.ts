/** What runs beside the views, loaded when the first one is on screen. */

import { startOpenChart } from "./gallery/open_chart";
import { startSettling } from "./gallery/settling";
import { startFollowing } from "./jobs/followed";
import { startWatching } from "./jobs/watching";
import { startLive } from "./live/live";
import { startQueue } from "./pictures/queue";
import { startRevalidation } from "./pictures/revalidation";
import { startUpdates } from "./pictures/updates";
import { startUse } from "./pictures/use";
import { startSession } from "./session/watching";
import { startHanded } from "./store/handed";

/** Start it. */
export async function startBackground(): Promise<void> {
  startUse();
  startSession();
  startLive();
  startRevalidation();
  startWatching();
  startFollowing();
  startUpdates();
  startOpenChart();
  startSettling();
  await Promise.all([startQueue(), startHanded()]);
}
