/** What becomes of kept charts behind the user's back: drawn at last, refused, restyled. */

import { effect } from "@preact/signals";
import type { News } from "../../shared/pictures";
import { news } from "../pictures/news";
import { BENCH, enqueue, leaveQueue, readQueue } from "../pictures/queue";
import { shown } from "../pictures/shown";
import { findStored, keepStored } from "../pictures/stored";
import { notify } from "../shell/notices";
import type { Queued, SavedChart } from "../store/database";
import { after } from "./news_of_charts";
import { charts, readChart, readCharts, readQueuedCharts, write } from "./saved";
import { words } from "./words";

/** Follow the news; and make up for what was drawn while no page was open. */
export function startSettling(): void {
  effect(() => {
    const told = news.value;
    if (told) inTurn(() => settle(told));
  });
  inTurn(settleQueue);
}

let turn: Promise<void> = Promise.resolve();

/** One after the other: two would read the same record and write it twice. */
function inTurn(act: () => Promise<void>): void {
  turn = turn.then(act).catch((error: unknown) => console.warn("gallery:", error));
}

async function settle(told: News): Promise<void> {
  if (told.type === "drained") await settleQueue();
  await tellOfShown(told);
  if (!mayMatter(told)) return;
  const affected = (await readCharts()).filter(({ picture }) => picture === told.key);
  const changed = affected.map((chart) => after(told, chart));
  if (changed.some((chart, index) => chart !== affected[index])) await write(...changed);
}

/** The reason that was said last for the picture on the bench; it is asked for every few seconds. */
let said = "";

async function tellOfShown(told: News): Promise<void> {
  if (told.key !== shown.value?.key) return;
  const fault = told.type === "refused" ? told.fault : "";
  if (fault && fault !== said) {
    await words.load();
    notify(words().notRedrawn(fault));
  }
  said = fault;
}

/** The picture on the bench is found unchanged every few seconds: nothing is read for that. */
function mayMatter(told: News): boolean {
  if (told.type === "replaced" || told.type === "refused") return true;
  const isMended = ({ picture, fault }: SavedChart) => picture === told.key && Boolean(fault);
  return told.type === "unchanged" && charts.value.some(isMended);
}

async function settleQueue(): Promise<void> {
  const all = await readQueue();
  for (const waiting of all) {
    if (waiting.fault && waiting.headers) await tellRefused(waiting);
    else if (waiting.fault) await refuse(waiting.place, waiting.fault);
    else if (waiting.job) await defer(waiting);
  }
  const waiting = new Set(all.map(({ place }) => place));
  for (const chart of await readQueuedCharts()) {
    if (!waiting.has(chart.id)) await finish(chart);
  }
}

/** Leave a chart to the job that it became; the one in work is asked for anew, and joins it. */
async function defer(waiting: Queued): Promise<void> {
  const { place, headers } = waiting;
  const { outcomeOf, takeOrder } = await import("../jobs/queued");
  if (headers) await takeOrder(waiting);
  if (headers || place === BENCH) await leaveQueue(place);
  else void outcomeOf(waiting).then((fault) => inTurn(() => redraw(place, fault)));
}

/** Draw a kept chart whose job has ended: its picture is there now. */
async function redraw(place: string, fault: string | null | undefined): Promise<void> {
  if (fault) return refuse(place, fault);
  const chart = fault === null && (await readChart(place));
  if (chart) await enqueue(chart.id, chart.spec, chart.format);
}

async function tellRefused(order: Queued): Promise<void> {
  await (await import("../jobs/orders")).tellRefused(order);
}

async function refuse(place: string, said: string): Promise<void> {
  const { faultInWords } = await import("../session/refusals");
  const fault = await faultInWords(said);
  const chart = await readChart(place);
  if (chart) await write({ ...chart, state: "failed", fault });
  await words.load();
  const name = chart?.name ?? words().inWork;
  notify(words().refused(name, fault));
  await leaveQueue(place);
}

/** Take a picture that was drawn behind; one that was evicted in between waits anew. */
async function finish(chart: SavedChart): Promise<void> {
  const answer = await findStored(chart.picture);
  if (!answer) {
    await enqueue(chart.id, chart.spec, chart.format);
    return;
  }
  await keepStored(chart.picture);
  const header = (name: string) => answer.headers.get(name) ?? "";
  const { fault: _mended, ...rest } = chart;
  await write({ ...rest, state: "drawn", etag: header("ETag"), style: header("Plotkiln-Style") });
}
