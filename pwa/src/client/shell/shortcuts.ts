/** Keys that do something, wherever the focus is; `?` lists them. */

import { signal } from "@preact/signals";

export interface Shortcut {
  /** As `KeyboardEvent.key` says it, with `Mod+` for Ctrl or ⌘: `Mod+Enter`, `g`, `?`. */
  key: string;
  label: () => string;
  act: () => void;
}

export const shortcuts = signal<readonly Shortcut[]>([]);

/** Add shortcuts; return what takes them away again. */
export function addShortcuts(added: readonly Shortcut[]): () => void {
  shortcuts.value = [...shortcuts.value, ...added];
  return () => {
    shortcuts.value = shortcuts.value.filter((known) => !added.includes(known));
  };
}

/** Listen to keys; a key without Ctrl or ⌘ does nothing while somebody writes. */
export function startShortcuts(): () => void {
  const listener = (event: KeyboardEvent) => {
    const mod = event.ctrlKey || event.metaKey;
    if (event.altKey || event.defaultPrevented || (!mod && writing(event.target))) return;
    const key = mod ? `Mod+${event.key}` : event.key;
    const found = shortcuts.value.findLast((known) => known.key === key);
    if (!found) return;
    event.preventDefault();
    found.act();
  };
  addEventListener("keydown", listener);
  return () => removeEventListener("keydown", listener);
}

function writing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
