/** What the page waits for. */

import { signal } from "@preact/signals";
import { covers, isAbout, type LiveEvent } from "./events";

/** Something to hear of. */
export interface Wish {
  /** `jobs`, `jobs/<id>`, `styles`, … */
  topic: string;
  /** Whether it is wanted while nobody looks, too: the user asked to be told. */
  patient?: boolean;
  hear(event: LiveEvent): void;
  /** Ask the server once: an event may have been missed. */
  reconcile(): void;
  /** Ask time and again until `signal` says so, where sockets fail. */
  poll?(signal: AbortSignal): Promise<void>;
}

/** All that is wanted now. */
export const wishes = signal<ReadonlySet<Wish>>(new Set());

/** Wish for something; return what takes the wish back. */
export function wish(wanted: Wish): () => void {
  wishes.value = new Set([...wishes.peek(), wanted]);
  return () => {
    wishes.value = new Set([...wishes.peek()].filter((other) => other !== wanted));
  };
}

/** Return the wishes to listen for: all while the page is used, else those of the patient. */
export function awake(all: Iterable<Wish>, used: boolean): Wish[] {
  return [...all].filter(({ patient }) => used || patient);
}

/** Return the topics of wishes, each once; `jobs` covers each `jobs/<id>`. */
export function topicsOf(wanted: readonly Wish[]): string[] {
  const topics = new Set(wanted.map(({ topic }) => topic));
  const others = (topic: string) => [...topics].filter((other) => other !== topic);
  return [...topics].filter((topic) => !covers(others(topic), topic)).sort();
}

/** Tell whoever wished for it. */
export function tell(event: LiveEvent): void {
  for (const { topic, hear } of wishes.peek()) if (isAbout(topic, event)) hear(event);
}
