/** Keeps `table` what the draft's text is read as, through the worker. */

import { computed, effect, signal } from "@preact/signals";
import type { Read, Reading, ReadingFault, Source, Table } from "../../shared/table";
import { change, draft, readingFault, settle, table } from "./current";
import type { Draft } from "./draft";
import { adopting } from "./roles";

/** Whether the worker reads just now. */
export const reading = signal(false);

/** What sources were read as, so that undo and redo show at once. */
const known = new WeakMap<Source, Table>();
const source = computed(() => draft.value.source);

let worker: Worker | undefined;
let asked: Source | null = null;
let typing = false;
let count = 0;

/** Read the draft's text whenever it changes; return what stops that. */
export function startReading(): () => void {
  return effect(() => {
    const wanted = source.value;
    const before = known.get(wanted);
    if (wanted.text.trim() === "") return show(null, null);
    if (before) return show(before, null);
    ask(wanted);
  });
}

/** Take text as the chart's data: pasted, dropped, or typed by hand. */
export function give(text: string, { typed = false } = {}): void {
  typing = typed;
  const kept = typed ? draft.value.source : FOUND;
  change(typed ? "typing data" : "data", {
    source: { ...kept, text },
    pasted: null,
    template: following(draft.value.template),
  });
}

/** A template stays where it takes its parameters from the data; what a spec said goes with it. */
function following(template: Draft["template"]): Draft["template"] {
  return Object.keys(template?.columns ?? {}).length > 0 ? template : null;
}

/** Read the text in another way. */
export function readAs(how: Partial<Omit<Source, "text">>): void {
  typing = false;
  change("reading", { source: { ...draft.value.source, ...how } });
}

/** Everything is found anew. */
const FOUND = { separator: null, decimal: null, dates: null, header: null, types: {} } as const;

function ask(wanted: Source): void {
  asked = wanted;
  count += 1;
  reading.value = true;
  worker ??= started();
  const message: Reading = { id: count, source: wanted };
  worker.postMessage(message);
}

function started(): Worker {
  const made = new Worker(new URL("../../worker/table.ts", import.meta.url), { type: "module" });
  made.addEventListener("message", ({ data }: MessageEvent<Read>) => receive(data));
  made.addEventListener("error", ({ message }) => show(null, { kind: "shape", detail: message }));
  return made;
}

function receive(read: Read): void {
  // An answer that was overtaken by another question says nothing any more.
  if (read.id !== count || !asked) return;
  if ("fault" in read) show(null, read.fault);
  else take(asked, read.table);
}

function take(from: Source, read: Table): void {
  const before = table.value;
  known.set(from, read);
  show(read, null);
  if (draft.value.source === from) settle(adopting(draft.value, read, { before, typed: typing }));
}

function show(read: Table | null, fault: ReadingFault | null): void {
  reading.value = false;
  readingFault.value = fault;
  table.value = read;
}
