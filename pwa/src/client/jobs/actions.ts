/** What can be done with a job. */

import { copyText } from "../elements/clipboard";
import { cancelJob, type Job, retryJob } from "../http/jobs";
import { Problem } from "../http/problems";
import { session } from "../session/session";
import { notify } from "../shell/notices";
import { follow, unfollow } from "./followed";
import { learn } from "./known";
import { put } from "./list";
import { nameOf } from "./naming";
import { areOff, askToNotify } from "./permission";
import { resultOf } from "./pictures";
import { refreshJob } from "./watching";
import { words } from "./words";

/** Cancel a job, and say how it is begun anew; not so where that stands in its place anyway. */
export async function cancel(job: Job, { says = true } = {}): Promise<void> {
  await tried(job, async () => {
    unfollow(job.id);
    const ended = await cancelJob(job.id);
    learn(ended);
    if (ended.state !== "cancelled" || !says) return;
    notify(words().cancelled(nameOf(job)), {
      label: words().acts.retry,
      act: () => void retry(ended),
    });
  });
}

/** Begin a job anew; return the new one, null where that did not work. */
export async function retry(job: Job): Promise<Job | null> {
  return tried(job, async () => {
    const begun = await retryJob(job.id);
    learn(begun);
    put(begun);
    follow(begun);
    notify(words().retried(nameOf(begun)));
    return begun;
  });
}

/** Ask for leave to show a notification, and tell of this job's end. */
export async function tellWhenDone(job: Job): Promise<void> {
  const granted = await askToNotify();
  const { blocked, none, off, set } = words().notification;
  follow(job, granted === "granted" && !areOff.value);
  if (granted === "none") notify(none);
  else if (granted !== "granted") notify(blocked);
  else notify(areOff.value ? off : set(nameOf(job)));
}

/**
 * Copy the whole address of a job's picture; return whether the browser let it.
 *
 * Where people sign in it is for nobody else: such addresses cannot be signed.
 */
export async function copyAddress(job: Job): Promise<boolean> {
  try {
    await copyText(new URL(resultOf(job), location.origin).href);
  } catch {
    notify(words().notCopied);
    return false;
  }
  if (session.peek()?.identity) notify(words().onlyYours);
  return true;
}

async function tried<Made>(job: Job, act: () => Promise<Made>): Promise<Made | null> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    notify(words().notDone(error.kind === "offline" ? words().offline : error.message));
    if (error.kind !== "offline") await refreshJob(job.id);
    return null;
  }
}
