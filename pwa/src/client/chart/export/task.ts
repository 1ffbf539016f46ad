/** One export at a time: what runs, what is done, what failed. */

import { signal } from "@preact/signals";
import { reasonOf } from "./current_spec";

/** Milliseconds that "copied" stays. */
const STAY = 2_500;

export type Task = "download" | "picture" | "address" | "html" | "curl" | "python" | "json" | "job";

export interface Outcome {
  task: Task;
  state: "running" | "done" | "failed";
  /** Why it failed, or what was done. */
  text: string;
}

export const outcome = signal<Outcome | null>(null);

/** Run an export and tell its outcome; a running one is not begun again. */
export async function run(task: Task, act: () => Promise<string>): Promise<void> {
  if (outcome.value?.state === "running" && outcome.value.task === task) return;
  const running: Outcome = { task, state: "running", text: "" };
  outcome.value = running;
  try {
    settle(running, { task, state: "done", text: await act() });
  } catch (error) {
    settle(running, { task, state: "failed", text: reasonOf(error) });
  }
}

/** Return how a task stands. */
export function stateOf(task: Task): Outcome["state"] | null {
  return outcome.value?.task === task ? outcome.value.state : null;
}

/** A later task's outcome is not overwritten by an earlier one's. */
function settle(running: Outcome, settled: Outcome): void {
  if (outcome.value !== running) return;
  outcome.value = settled;
  if (settled.state === "failed") return;
  setTimeout(() => {
    if (outcome.value === settled) outcome.value = null;
  }, STAY);
}
