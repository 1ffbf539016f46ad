/** Writing the style on the desk; nothing is overwritten that its writer has not seen. */

import { signal } from "@preact/signals";
import {
  publishDraft,
  readHistory,
  readStyle,
  removeStyle,
  rollBack,
  type StoredStyle,
  writeStyle,
} from "../http/styles";
import { notify } from "../shell/notices";
import { go } from "../shell/routes";
import { words as shellWords } from "../shell/words";
import { asProblem, type Desk, desk, legible, list, orphan, rebase, refreshList } from "./desk";
import { forget, keep } from "./kept";
import { words } from "./words";

/** A write that lost its race: what the other wrote. */
export const conflict = signal<StoredStyle | null>(null);
export const why = signal("");
export const busy = signal(false);
/** Counts what was written, for whoever shows the history. */
export const writes = signal(0);

/** Write the text on the desk over the version that it began with. */
export async function save(): Promise<void> {
  const now = desk.value;
  if (now) await writing(() => write(now, now.base.version));
}

/** Write my text over theirs, having seen it. */
export async function saveOver(theirs: StoredStyle): Promise<void> {
  const now = desk.value;
  if (!now) return;
  conflict.value = null;
  await writing(() => write(now, theirs.version));
}

/** Write the text as the style's draft, and go on there. */
export async function saveDraft(): Promise<void> {
  const now = desk.value;
  if (!now) return;
  const name = `${now.name}.draft`;
  const present = list.value?.styles.find((style) => style.name === name);
  await writing(async () => {
    if (present) return openDraft(now, name);
    await writeStyle(name, now.text, "0", why.value);
    done(now.name);
    notify(words().desk.draftSaved(name));
    go("styles", name);
  });
}

/** Put the draft on the desk in its style's place. */
export async function publish(style: string): Promise<void> {
  const now = desk.value;
  if (!now) return;
  await writing(async () => {
    const replaced = await versionOf(style);
    const version = await publishDraft(style, now.base.version, replaced, why.value);
    done(now.name);
    notify(words().desk.published(style, version), undoOf(style, version, replaced));
    go("styles", style);
  });
}

/** Remove the style on the desk; the notice brings it back. */
export async function remove(): Promise<void> {
  const now = desk.value;
  if (!now) return;
  await writing(async () => {
    await removeStyle(now.name, now.base.version);
    done(now.name);
    notify(words().desk.removed(now.name), {
      label: shellWords().undo,
      act: () => void bringBack(now.name, now.base.version),
    });
    go("styles");
  });
}

/** Bring back a style that was removed: its last version, or a given one. */
export async function bringBack(name: string, version?: string): Promise<void> {
  await writing(async () => {
    await rollBack(name, version ?? (await lastDocument(name)), "0");
    notify(words().desk.restored(name));
    go("styles", name);
    writes.value++;
  });
}

/** Go back to an old version; the notice goes forward again. */
export async function rollBackTo(name: string, version: string): Promise<void> {
  const now = desk.value;
  if (!now) return;
  const replaced = now.base.version;
  await writing(async () => {
    const written = await rollBack(name, version, replaced, why.value);
    await reread(name);
    notify(words().history.rolledBack(version), undoOf(name, written, replaced));
  });
}

/** Take their document; mine is one step back. */
export function takeTheirs(theirs: StoredStyle): void {
  conflict.value = null;
  rebase(theirs, theirs.text);
  notify(words().conflict.tookTheirs);
}

/** Throw the edits away; they are one step back. */
export function discard(): void {
  const now = desk.value;
  if (!now) return;
  const { text } = now;
  rebase(now.base, now.base.text);
  notify(words().desk.discarded, {
    label: shellWords().undo,
    act: () => desk.value?.name === now.name && rebase(now.base, text),
  });
}

async function write(now: Desk, expected: string): Promise<void> {
  const version = await writeStyle(now.name, now.text, expected, why.value);
  const current = desk.value;
  done(null);
  if (current?.name === now.name) rebase({ version, text: now.text }, current.text);
  notify(words().desk.savedAs(now.name, version));
}

/** There is a draft already: go on there with my text, over its version, and look before saving. */
async function openDraft(now: Desk, name: string): Promise<void> {
  const base = legible(await readStyle(name));
  keep(name, { base, text: now.text });
  forget(now.name);
  go("styles", name);
}

/** Do a write; a lost race shows what the other wrote, any other refusal its reason. */
async function writing(act: () => Promise<void>): Promise<void> {
  if (busy.value) return;
  busy.value = true;
  try {
    await act();
    await refreshList();
  } catch (error) {
    await refused(error);
  } finally {
    busy.value = false;
  }
}

async function refused(error: unknown): Promise<void> {
  const problem = asProblem(error);
  const now = desk.value;
  if (problem.kind === "offline") notify(words().desk.offline);
  else if (problem.kind === "lost-race" && now) dispute(await newest(now.name));
  else notify(words().desk.failed(problem.message));
}

/** Show what somebody else did in between. */
function dispute(theirs: StoredStyle): void {
  if (theirs.version === "0") orphan();
  else conflict.value = theirs;
}

/** Return what is stored now; version `0` where nothing is. */
async function newest(name: string): Promise<StoredStyle> {
  try {
    return legible(await readStyle(name));
  } catch (error) {
    if (asProblem(error).status === 404) return { version: "0", text: "" };
    throw error;
  }
}

async function versionOf(name: string): Promise<string> {
  return (await newest(name)).version;
}

/** Return the last version that has a document; the server refuses 1, where there is none. */
async function lastDocument(name: string): Promise<string> {
  const { changes } = await readHistory(name);
  return changes.find((change) => !change.differences.includes("removed"))?.version ?? "1";
}

async function reread(name: string): Promise<void> {
  const stored = legible(await readStyle(name));
  const now = desk.value;
  if (now?.name === name) rebase(stored, now.text === now.base.text ? stored.text : now.text);
  writes.value++;
}

function undoOf(name: string, version: string, replaced: string) {
  const act = () =>
    void writing(async () => {
      await rollBack(name, replaced, version);
      await reread(name);
      notify(words().history.back);
    });
  return replaced === "0" ? undefined : { label: shellWords().undo, act };
}

function done(name: string | null): void {
  if (name) forget(name);
  why.value = "";
  writes.value++;
}
