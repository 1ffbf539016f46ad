/** Keeping the chart in work. */

import { type Format, MEDIA_TYPES, pictureKey } from "../../shared/pictures";
import { openChart } from "../charts/current";
import type { Draft } from "../charts/draft";
import type { Picture } from "../pictures/pictures";
import { BENCH, enqueue, leaveQueue } from "../pictures/queue";
import { keepStored } from "../pictures/stored";
import { notify } from "../shell/notices";
import type { SavedChart } from "../store/database";
import { askToPersist, isNearlyFull, measureSpace, space } from "../store/space";
import { nameOf } from "./name";
import { readChart, readCharts, release, restore, write } from "./saved";
import { words } from "./words";

/**
 * Keep a chart in the gallery: the open one is updated, which can be undone; else it is a new one.
 *
 * A picture that is missing, or that shows another spec, is drawn behind; offline it waits.
 * Throws what the browser throws when there is no room left, and `Error` where the page came
 * without HTTPS; the user was told then.
 */
export async function keep(
  draft: Draft,
  spec: object,
  picture: Picture | null,
): Promise<SavedChart> {
  await words.load();
  if (!isSecureContext) {
    notify(words().insecure);
    throw new Error("a page without HTTPS can store no pictures");
  }
  const open = openChart.value ? await readChart(openChart.value) : undefined;
  const previous = open && isSame(open.draft, draft) ? open : undefined;
  const id = previous?.id ?? crypto.randomUUID();
  const fitting = picture?.body === JSON.stringify(spec) ? picture : null;
  try {
    const drawn = fitting ? await drawnState(fitting) : await waiting(id, spec, picture?.format);
    const chart = { ...drawn, id, draft, spec, ...naming(draft, previous) };
    await write(chart);
    openChart.value = id;
    if (fitting) await leaveQueue(id);
    await leaveQueue(BENCH);
    if (previous && previous.picture !== chart.picture) await release(previous.picture);
    tell(chart, previous);
    await lookAfterSpace();
    return chart;
  } catch (error) {
    if (error instanceof DOMException && error.name === "QuotaExceededError") notify(words().full);
    throw error;
  }
}

/** Other columns under another title are another chart, whatever was open: it is not overwritten. */
function isSame(one: Draft, other: Draft): boolean {
  return nameOf(one) === nameOf(other) || partsOf(one) === partsOf(other);
}

function partsOf({ roles, template, pasted }: Draft): string {
  return JSON.stringify([Object.values(roles).flat().sort(), template?.name, pasted?.title]);
}

function tell(chart: SavedChart, previous: SavedChart | undefined): void {
  if (!previous) {
    notify(words().kept(chart.name));
    return;
  }
  const act = () => void restore(previous).then(() => release(chart.picture));
  notify(words().updated(chart.name), { label: words().undo, act });
}

type PictureState = Pick<SavedChart, "format" | "picture" | "state" | "etag" | "style">;

async function drawnState(picture: Picture): Promise<PictureState> {
  const { body, etag, format, style } = picture;
  const key = picture.key ?? (await pictureKey(body, "/plot", MEDIA_TYPES[format]));
  await keepStored(key, picture);
  return { format, picture: key, state: "drawn", etag, style };
}

async function waiting(id: string, spec: object, format: Format = "png"): Promise<PictureState> {
  const key = await enqueue(id, spec, format);
  return { format, picture: key, state: "queued", etag: "", style: "" };
}

/** A name that the user gave stays; one that was made of the title follows it. */
function naming(draft: Draft, previous: SavedChart | undefined) {
  const now = Date.now();
  const given = previous && previous.name !== (nameOf(previous.draft) || words().untitled);
  const name = given ? previous.name : nameOf(draft) || words().untitled;
  return { name, created: previous?.created ?? now, changed: now };
}

async function lookAfterSpace(): Promise<void> {
  if ((await readCharts()).length === 1) await askToPersist();
  await measureSpace();
  if (isNearlyFull(space.value)) notify(words().nearlyFull);
}
