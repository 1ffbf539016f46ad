/** Keeps the shown picture the newest, while somebody looks at it. */

import { computed, effect } from "@preact/signals";
import { Problem } from "../http/problems";
import { isLive } from "../live/live";
import { wish } from "../live/wishes";
import { signedOut } from "../session/session";
import { route } from "../shell/routes";
import { online, probe } from "./connection";
import { ask, publish } from "./news";
import { askedOf, newest, type Picture } from "./pictures";
import { shown } from "./shown";
import { whileUsed } from "./use";

/** Milliseconds between two looks; and where live news tell of new styles, but not of Consul. */
const EVERY = 4_000;
const EVERY_WHILE_LIVE = 12_000;

let last = 0;

/** Whether a picture is on screen that can be asked for. */
const isOnScreen = computed(() => route.value?.name === "chart" && shown.value !== null);

/** Look time and again while the page is used, when the user comes back, and when a style changes. */
export function startRevalidation(): void {
  whileUsed(() => {
    if (!isLive() || Date.now() - last >= EVERY_WHILE_LIVE) look();
  }, EVERY);
  effect(() => (isOnScreen.value ? wish(STYLES) : undefined));
}

const STYLES = { topic: "styles", hear: look, reconcile: look };

/** Look once. */
export function look(): void {
  last = Date.now();
  if (signedOut.peek()) return;
  const picture = route.value?.name === "chart" ? shown.value : null;
  if (!online.value) void probe();
  else if (picture?.key) ask({ type: "revalidate", ...askedOf(picture) });
  else if (picture) void lookHere(picture);
}

/** Do what the worker would do, for a picture that came before there was one. */
async function lookHere(picture: Picture): Promise<void> {
  try {
    const next = await newest(picture);
    if (!next || shown.value !== picture) return;
    shown.value = next;
    const { etag, style, state } = next;
    publish({ type: "replaced", key: "", etag, style, state });
  } catch (error) {
    // `online` says it where the network is away; a chart that is gone stays as it was drawn.
    if (!(error instanceof Problem)) throw error;
  }
}
