/** The kept charts: read from the database, changed there first and shown then. */

import { computed, signal } from "@preact/signals";
import { enqueue, leaveQueue } from "../pictures/queue";
import { keepStored, releaseStored } from "../pictures/stored";
import { database, type SavedChart } from "../store/database";

const saved = signal<readonly SavedChart[]>([]);

/** Newest first. */
export const charts = computed(() => [...saved.value].sort((a, b) => b.changed - a.changed));

/** Read every chart. */
export async function readCharts(): Promise<readonly SavedChart[]> {
  saved.value = await (await database()).getAll("charts");
  return saved.value;
}

/** Return the charts that wait for their picture. */
export async function readQueuedCharts(): Promise<readonly SavedChart[]> {
  return (await database()).getAllFromIndex("charts", "state", "queued");
}

/** Return one chart. */
export async function readChart(id: string): Promise<SavedChart | undefined> {
  return (await database()).get("charts", id);
}

/** Write charts, new or changed: all of them or none. */
export async function write(...changed: readonly SavedChart[]): Promise<void> {
  const writing = (await database()).transaction("charts", "readwrite");
  await Promise.all([...changed.map((chart) => writing.store.put(chart)), writing.done]);
  await readCharts();
}

/** Take charts away, and let their pictures go. */
export async function remove(...removed: readonly SavedChart[]): Promise<void> {
  const writing = (await database()).transaction("charts", "readwrite");
  await Promise.all([...removed.map(({ id }) => writing.store.delete(id)), writing.done]);
  await readCharts();
  for (const { id, picture } of removed) {
    await leaveQueue(id);
    await release(picture);
  }
}

/** Put charts back, with their pictures: those that are gone are drawn again. */
export async function restore(...removed: readonly SavedChart[]): Promise<void> {
  await write(...removed);
  for (const chart of removed) await adopt(chart);
}

/** Let a picture go that no chart needs any longer. */
export async function release(picture: string): Promise<void> {
  if (!saved.value.some((chart) => chart.picture === picture)) await releaseStored(picture);
}

/** Keep a chart's picture, or let it wait for one. */
async function adopt({ id, spec, format, picture, state }: SavedChart): Promise<void> {
  if (state === "drawn") await keepStored(picture);
  else if (state === "queued") await enqueue(id, spec, format);
}
