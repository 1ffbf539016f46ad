/** Keys that do something, wherever the focus is; `?` lists them. */

import { computed, signal } from "@preact/signals";

export interface Shortcut {
  /** As `KeyboardEvent.key` says it, with `Mod+` for Ctrl or ⌘: `Mod+enter`, `Mod+Shift+z`, `?`. */
  key: string;
  label: () => string;
  act: () => void;
}

export const shortcuts = signal<readonly Shortcut[]>([]);

/** Whether the list of them is open. */
export const listing = signal(false);

const REMEMBERED = "plotkiln.single_keys";

/** Whether keys act without Ctrl or ⌘, too: speech input and a slip of the hand press them unmeant. */
export const singleKeys = signal(localStorage.getItem(REMEMBERED) !== "off");

/** Let single keys act or not, and remember it. */
export function allowSingleKeys(allowed: boolean): void {
  singleKeys.value = allowed;
  localStorage.setItem(REMEMBERED, allowed ? "on" : "off");
}

/** The shortcuts that act as things stand. */
export const acting = computed(() =>
  shortcuts.value.filter(({ key }) => singleKeys.value || key.startsWith("Mod+")),
);

/** Add shortcuts; return what takes them away again. */
export function addShortcuts(added: readonly Shortcut[]): () => void {
  shortcuts.value = [...shortcuts.value, ...added];
  return () => {
    shortcuts.value = shortcuts.value.filter((known) => !added.includes(known));
  };
}

/** Listen to keys; without Ctrl or ⌘ none acts while somebody writes, or on what a dialog covers. */
export function startShortcuts(): () => void {
  const listener = (event: KeyboardEvent) => {
    const mod = event.ctrlKey || event.metaKey;
    if (event.altKey || event.defaultPrevented) return;
    if (!mod && (writing(event.composedPath()[0]) || document.querySelector("dialog:modal")))
      return;
    const found = acting.value.findLast((known) => known.key === pressed(event, mod));
    if (!found) return;
    event.preventDefault();
    found.act();
  };
  addEventListener("keydown", listener);
  return () => removeEventListener("keydown", listener);
}

/** Shift counts beside Ctrl or ⌘ only; elsewhere the character says it already. */
function pressed(event: KeyboardEvent, mod: boolean): string {
  if (!mod) return event.key;
  return `Mod+${event.shiftKey ? "Shift+" : ""}${event.key.toLowerCase()}`;
}

const WRITTEN_INTO = "textarea, select, input:not([type='checkbox'], [type='radio'])";

/** `target` lies in a shadow root where the editor does. */
function writing(target: EventTarget | undefined): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches(WRITTEN_INTO);
}
