/** What can be done with kept charts: everything that takes something away can be undone. */

import { type Format, MEDIA_TYPES, pictureKey } from "../../shared/pictures";
import { fileName } from "../chart/export/file_name";
import { draft, open, resume, saveNow } from "../charts/current";
import { EMPTY_DRAFT } from "../charts/draft";
import { Problem } from "../http/problems";
import { drawNewest } from "../pictures/newest";
import { release } from "../pictures/pictures";
import { enqueue } from "../pictures/queue";
import { notify } from "../shell/notices";
import { go } from "../shell/routes";
import type { SavedChart } from "../store/database";
import { save } from "./download";
import { charts, remove, restore, write } from "./saved";
import { added, BrokenFile, type PortableChart, readGallery, written } from "./transfer";
import { words } from "./words";

/** Put a chart on the bench exactly as it was left. */
export async function openSaved(chart: SavedChart): Promise<void> {
  // What lies on the bench is one step back, also where the chart view was not open yet.
  if (draft.value === EMPTY_DRAFT) await resume();
  open(chart.draft, chart.id);
  saveNow();
  go("chart");
  const { restyled, ...seen } = chart;
  if (restyled) await write({ ...seen, style: restyled });
}

/** Give a chart another name; an empty one changes nothing. */
export async function rename(chart: SavedChart, name: string): Promise<void> {
  const given = name.trim();
  if (given && given !== chart.name) await write({ ...chart, name: given });
}

/** Put a copy beside a chart. */
export async function duplicate(chart: SavedChart): Promise<void> {
  const now = Date.now();
  const copy = { id: crypto.randomUUID(), name: words().copyOf(chart.name) };
  await restore({ ...chart, ...copy, created: now, changed: now });
}

/** Take a chart away, and say how it comes back. */
export async function removeSaved(chart: SavedChart): Promise<void> {
  await remove(chart);
  notify(words().removed(chart.name), {
    label: words().undo,
    act: () => void restore(chart),
  });
}

/** Draw a chart in a format, in its style as it is now, and save it as a file. */
export async function download(chart: SavedChart, format: Format): Promise<void> {
  try {
    const picture = await drawNewest(chart.spec, format);
    save(picture.bytes, fileName(chart.name, format));
    release(picture);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const fault = error.kind === "offline" ? words().offlineDownload : error.message;
    notify(words().notDownloaded(chart.name, fault));
  }
}

/** Save every chart in one file. */
export function exportAll(): void {
  const bytes = new Blob([written(charts.value)], { type: "application/json" });
  const day = new Date().toISOString().slice(0, 10);
  save(bytes, `plotkiln-gallery-${day}.json`);
}

/** Add the charts of a file; says what became of it, and how to undo it. */
export async function importFile(file: File): Promise<void> {
  try {
    const read = readGallery(await file.text());
    await take(added(charts.value, read.charts, () => crypto.randomUUID()));
    if (read.broken.length) notify(words().broken(read.broken.join(", ")));
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    notify(words().brokenFile[error.fault]);
  }
}

async function take(portable: readonly PortableChart[]): Promise<void> {
  if (!portable.length) {
    notify(words().nothingNew);
    return;
  }
  const imported = await Promise.all(portable.map(waiting));
  await write(...imported);
  for (const chart of imported) await enqueue(chart.id, chart.spec, chart.format);
  notify(words().imported(imported.length), {
    label: words().undo,
    act: () => void remove(...imported),
  });
}

async function waiting(chart: PortableChart): Promise<SavedChart> {
  const body = JSON.stringify(chart.spec);
  const picture = await pictureKey(body, "/plot", MEDIA_TYPES[chart.format]);
  return { ...chart, picture, state: "queued", etag: "", style: "" };
}
