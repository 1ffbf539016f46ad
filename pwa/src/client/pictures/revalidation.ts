/** Keeps the shown picture the newest, while somebody looks at it. */

import { Problem } from "../http/problems";
import { route } from "../shell/routes";
import { online, probe } from "./connection";
import { ask, publish } from "./news";
import { askedOf, newest, type Picture } from "./pictures";
import { shown } from "./shown";
import { whileUsed } from "./use";

/** Milliseconds between two looks. */
const EVERY = 4_000;

/** Look every four seconds while the page is used, and at once when the user comes back. */
export function startRevalidation(): void {
  whileUsed(look, EVERY);
}

function look(): void {
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
