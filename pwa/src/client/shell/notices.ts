/** Short messages at the edge of the page: what happened, and the way back. */

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

export interface Notice {
  id: number;
  text: string;
  /** A second thing to do, `Undo` most of all. */
  action?: { label: string; act: () => void };
}

/** Milliseconds that a notice stays; one with an action stays longer. */
const STAY = 4_000;
const STAY_WITH_ACTION = 12_000;

export const notices = signal<readonly Notice[]>([]);

/** What stands above every view until it is over; null where nothing does. */
export const standing = signal<ComponentType | null>(null);

let last = 0;

/** Show a message; a screen reader says it, too. */
export function notify(text: string, action?: Notice["action"]): void {
  const notice: Notice = action ? { id: ++last, text, action } : { id: ++last, text };
  notices.value = [...notices.value.slice(-2), notice];
  setTimeout(() => dismiss(notice.id), action ? STAY_WITH_ACTION : STAY);
}

/** Take a message away. */
export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
