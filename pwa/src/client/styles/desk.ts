/** The style that is being edited: its text, the version it began with, the way back. */

import { batch, computed, signal } from "@preact/signals";
import { type Json, type Path, treeOf } from "../../shared/json_tree";
import { Problem } from "../http/problems";
import { listStyles, readStyle, type StoredStyle, type StyleList } from "../http/styles";
import { differences } from "./document/differences";
import { setMember, written } from "./document/edits";
import { forget, keep, keptWork } from "./kept";
import { words } from "./words";

/** Steps back that are kept. */
const STEPS = 200;
/** Milliseconds within which edits of one kind are one step: typing. */
const ONE_STEP = 800;
/** The kind of edits that are never joined. */
const STEP = "step";

/** One style on the desk. */
export interface Desk {
  name: string;
  /** What the edits began with; version `0` where nothing was stored. */
  base: StoredStyle;
  text: string;
  past: readonly string[];
  future: readonly string[];
  /** What the last edit was, and when, to join typing into one step. */
  last: { kind: string; at: number };
}

/** What is stored of a style that is not. */
const NOTHING: StoredStyle = { version: "0", text: "" };

export const desk = signal<Desk | null>(null);
/** Why the asked-for style is not on the desk. */
export const deskProblem = signal<Problem | null>(null);
/** What somebody else stored meanwhile; version `0` where they removed it. */
export const news = signal<StoredStyle | null>(null);
export const list = signal<StyleList | null>(null);
export const listProblem = signal<Problem | null>(null);

/** The text read, and its base; null where that is no JSON. */
export const tree = computed(() => (desk.value ? treeOf(desk.value.text) : null));
const baseText = computed(() => desk.value?.base.text ?? "");
export const baseValue = computed(() => treeOf(baseText.value)?.value ?? null);

export const dirty = computed(() => desk.value !== null && desk.value.text !== baseText.value);
/** Members that are other than in the base; null where one of both is no JSON. */
export const changed = computed(() => {
  const mine = tree.value?.value;
  if (mine === undefined) return null;
  return baseText.value ? differences(baseValue.value, mine) : differences({}, mine);
});
/** What the list says of the style on the desk. */
export const listed = computed(() =>
  list.value?.styles.find((style) => style.name === desk.value?.name),
);

/** Read the list again; the last one stays where that fails. */
export async function refreshList(): Promise<void> {
  try {
    list.value = await listStyles();
    listProblem.value = null;
  } catch (error) {
    listProblem.value = asProblem(error);
  }
}

/** Put a style on the desk, with the unsaved work on it, if there is any. */
export async function openStyle(name: string): Promise<void> {
  const work = keptWork(name);
  if (desk.value?.name !== name) desk.value = null;
  deskProblem.value = null;
  try {
    const stored = legible(await readStyle(name));
    if (!work) place(name, stored, stored.text);
    else place(name, work.base, work.text);
    if (work && work.base.version !== stored.version) news.value = stored;
  } catch (error) {
    if (work) place(name, work.base, work.text);
    if (!work || asProblem(error).status !== 404) deskProblem.value = asProblem(error);
    else if (work.base.version !== "0") orphan();
  }
}

/** Begin a style that is not stored. */
export function beginStyle(name: string, text: string): void {
  keep(name, { base: { version: "0", text: "" }, text });
}

/** Change the text; edits of one `kind` that follow each other closely are one step back. */
export function edit(kind: string, text: string): void {
  const now = desk.value;
  if (!now || text === now.text) return;
  const joined =
    kind !== STEP &&
    kind === now.last.kind &&
    Date.now() - now.last.at < ONE_STEP &&
    now.past.length > 0;
  const past = joined ? now.past : [...now.past, now.text].slice(-STEPS);
  show({ ...now, text, past, future: [], last: { kind, at: Date.now() } });
}

/**
 * Set one member, or take it out where `value` is undefined; nothing happens to broken JSON.
 * What is not `typed` is a step of its own.
 */
export function editMember(path: Path, value: Json | undefined, { typed = true } = {}): void {
  const now = desk.value;
  if (!now || !tree.value) return;
  edit(typed ? path.join(".") : STEP, setMember(now.text, path, value));
}

/** Go one step back. */
export function undo(): void {
  const now = desk.value;
  const text = now?.past.at(-1);
  if (!now || text === undefined) return;
  const future = [...now.future, now.text];
  show({ ...now, text, past: now.past.slice(0, -1), future, last: { kind: "", at: 0 } });
}

/** Go one step forward again. */
export function redo(): void {
  const now = desk.value;
  const text = now?.future.at(-1);
  if (!now || text === undefined) return;
  const past = [...now.past, now.text];
  show({ ...now, text, past, future: now.future.slice(0, -1), last: { kind: "", at: 0 } });
}

/** Take a stored document as what the edits are over; `text` is what the desk shows then. */
export function rebase(base: StoredStyle, text: string): void {
  const now = desk.value;
  if (!now) return;
  batch(() => {
    news.value = null;
    const past = text === now.text ? now.past : [...now.past, now.text].slice(-STEPS);
    show({ ...now, base, text, past, future: [], last: { kind: "", at: 0 } });
  });
}

/** Somebody removed the style: what is on the desk would create it again. */
export function orphan(): void {
  const now = desk.value;
  if (!now) return;
  rebase(NOTHING, now.text);
  news.value = NOTHING;
}

/** Spell a document that was written in one line as people read it. */
export function legible(stored: StoredStyle): StoredStyle {
  const root = stored.text.trim().includes("\n") ? null : treeOf(stored.text);
  return root ? { ...stored, text: `${written(root.value)}\n` } : stored;
}

/** Return an error as a problem; throws what is none. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

/** Say what a problem says, in the user's words where the network is at fault. */
export function said(problem: Problem): string {
  return problem.kind === "offline" ? words().desk.offline : problem.message;
}

function place(name: string, base: StoredStyle, text: string): void {
  batch(() => {
    news.value = null;
    const same = desk.value?.name === name && desk.value.text === text ? desk.value : null;
    const steps = { past: same?.past ?? [], future: same?.future ?? [] };
    show({ name, base, text, ...steps, last: { kind: "", at: 0 } });
  });
}

function show(next: Desk): void {
  desk.value = next;
  if (next.text === next.base.text) forget(next.name);
  else keep(next.name, { base: next.base, text: next.text });
}
