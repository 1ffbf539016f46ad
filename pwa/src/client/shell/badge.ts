/** How many jobs are under way, as far as this page knows: told beside the name of their view. */

import { signal } from "@preact/signals";

export const activeJobs = signal(0);
