/** The templates that the server has. */

import { signal } from "@preact/signals";
import { request } from "../../http/problems";
import type { Schema } from "./schema";

export interface Template {
  name: string;
  title: string;
  description: string;
  params: Schema;
}

/** What could not be loaded, and why. */
export interface BrokenTemplate {
  source: string;
  target: string;
  message: string;
}

export interface Listed {
  templates: readonly Template[];
  broken: readonly BrokenTemplate[];
}

/** What was read last; null before the first time. */
export const listed = signal<Listed | null>(null);
/** Whether the last reading failed. */
export const unreachable = signal(false);

/** Read the templates anew; the last known ones stay where that fails. */
export async function readTemplates(): Promise<void> {
  try {
    listed.value = (await (await request("/templates")).json()) as Listed;
    unreachable.value = false;
  } catch {
    unreachable.value = true;
  }
}

/** Return a template by its name. */
export function templateNamed(name: string): Template | undefined {
  return listed.value?.templates.find((template) => template.name === name);
}
