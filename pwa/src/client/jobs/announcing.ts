/** Saying that a job has ended: in the page, and by the system while nobody looks at it. */

import { chartJob } from "../charts/job";
import type { Job } from "../http/jobs";
import { notify } from "../shell/notices";
import { go, route } from "../shell/routes";
import { nameOf } from "./naming";
import { mayNotify } from "./permission";
import { words } from "./words";

/** Say it; `told`: the user asked for a notification. */
export async function announce(job: Job, told: boolean): Promise<void> {
  const onStage = isOnStage(job);
  await words.load();
  const text = words().ended[job.state]?.(nameOf(job)) ?? "";
  if (document.visibilityState === "hidden" && told && mayNotify()) show(job, text);
  else if (!onStage) notify(text, { label: words().acts.open, act: () => go("jobs", job.id) });
}

/** Whether the chart view shows what became of it anyway. */
function isOnStage({ id }: Job): boolean {
  return route.peek()?.name === "chart" && chartJob.peek()?.job.id === id;
}

/** Show a notification; a click leads to the result. */
function show(job: Job, body: string): void {
  const options = { body, tag: job.id, icon: "/icons/kiln-192.png" };
  try {
    const shown = new Notification("plotkiln", options);
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
      go("jobs", job.id);
    });
  } catch (error) {
    // On Android pages may not, but their workers may; a click only closes it there.
    console.info("no notification by the page", error);
    void navigator.serviceWorker?.ready.then((ready) =>
      ready.showNotification("plotkiln", options),
    );
  }
}
