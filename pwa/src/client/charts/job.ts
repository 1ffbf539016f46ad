/** The job that drawing the chart in work became: kept with the draft, it survives a reload. */

import { signal } from "@preact/signals";
import type { Awaited } from "../jobs/pictures";

export interface ChartJob extends Awaited {
  /** Whether the user asked for a job: it goes on whatever is changed then. */
  asked: boolean;
  /** Whether this page's own request began it, and did not join one that was there. */
  own: boolean;
}

export const chartJob = signal<ChartJob | null>(null);
