/** The chart in work: one for each tab, saved as it changes, with undo. */

import { computed, signal } from "@preact/signals";
import type { ReadingFault } from "../../shared/table";
import { type Draft, EMPTY_DRAFT, type Table } from "./draft";
import { readDraft, writeDraft } from "./kept";

/** Steps back that are kept. */
const STEPS = 100;
/** Milliseconds within which changes under one `name` are one step: typing. */
const ONE_STEP = 800;
/** Characters of data from which on a draft is not stored at every key. */
const LARGE = 100_000;
/** Milliseconds without a change after which a large draft is stored. */
const STILL = 300;

interface Past {
  steps: readonly Draft[];
  name: string;
  at: number;
}

export const draft = signal<Draft>(EMPTY_DRAFT);
/** `draft.value.source` as it was read; null while nothing was read yet. */
export const table = signal<Table | null>(null);
/** Why the text could not be read; null while it can. */
export const readingFault = signal<ReadingFault | null>(null);
/** The gallery's chart that is open here; null for one that was never kept. */
export const openChart = signal<string | null>(null);

/** Whether there is nothing to draw from: no data, no template, no pasted spec. */
export const isEmpty = computed(() => {
  const { source, template, pasted } = draft.value;
  return source.text.trim() === "" && !template && !pasted;
});

const past = signal<Past>({ steps: [], name: "", at: 0 });
const future = signal<readonly Draft[]>([]);

export const canUndo = computed(() => past.value.steps.length > 0);
export const canRedo = computed(() => future.value.length > 0);

/** Change the draft. Changes of one `name` that follow each other closely are undone together. */
export function change(name: string, changed: Partial<Draft>): void {
  const { steps, name: lastName, at } = past.value;
  const joined = name === lastName && Date.now() - at < ONE_STEP && steps.length > 0;
  past.value = {
    steps: joined ? steps : [...steps, draft.value].slice(-STEPS),
    name,
    at: Date.now(),
  };
  future.value = [];
  show({ ...draft.value, ...changed });
}

/** Go one step back. */
export function undo(): void {
  const { steps } = past.value;
  const last = steps.at(-1);
  if (!last) return;
  future.value = [...future.value, draft.value];
  past.value = { steps: steps.slice(0, -1), name: "", at: 0 };
  show(last);
}

/** Go one step forward again. */
export function redo(): void {
  const next = future.value.at(-1);
  if (!next) return;
  past.value = { steps: [...past.value.steps, draft.value], name: "", at: 0 };
  future.value = future.value.slice(0, -1);
  show(next);
}

/** Put another chart on the bench; the last one is one step back. */
export function open(other: Draft, id: string | null): void {
  change("open", other);
  openChart.value = id;
}

/** Complete the last change by what follows from it, as a part of the same step. */
export function settle(following: Partial<Draft>): void {
  if (Object.keys(following).length > 0) show({ ...draft.value, ...following });
}

/** Take up the work where it was left. */
export async function resume(): Promise<void> {
  addEventListener("pagehide", saveWaiting);
  const kept = await readDraft();
  if (kept) draft.value = kept;
}

/** Store the draft now: the page may be gone in a moment. */
export function saveNow(): void {
  clearTimeout(saving);
  saving = undefined;
  void writeDraft(draft.value);
}

let saving: ReturnType<typeof setTimeout> | undefined;

function show(next: Draft): void {
  draft.value = next;
  clearTimeout(saving);
  if (next.source.text.length < LARGE) saveNow();
  else saving = setTimeout(saveNow, STILL);
}

/** What waits is stored before the page goes. */
function saveWaiting(): void {
  if (saving !== undefined) saveNow();
}
