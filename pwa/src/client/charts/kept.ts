/** The drafts in work as this browser keeps them: one for each tab, none overwrites another's. */

import { database, type KeptDraft } from "../store/database";
import type { Draft } from "./draft";
import { chartJob } from "./job";

/** Where a tab keeps its name; a copy of the tab begins with the same one. */
const TAB = "plotkiln.tab";
/** Drafts that stay: those of open tabs, and of the last that were closed. */
const MOST = 12;

interface Tab {
  name: string;
  /** Whose draft it begins with: its own, or that of the tab which it is a copy of. */
  from: string;
}

/** Return the draft that this tab begins with: where it was left, else the last of any tab. */
export async function readDraft(): Promise<Draft | null> {
  const { from } = await thisTab();
  const kept = (await (await database()).get("drafts", from)) ?? (await newest());
  if (!kept) return null;
  const { saved: _, job, ...draft } = kept;
  chartJob.value = job ?? null;
  return draft;
}

/** Keep this tab's draft, and the job that drawing it became. */
export async function writeDraft(draft: Draft): Promise<void> {
  const [kept, { name }] = await Promise.all([database(), thisTab()]);
  const job = chartJob.peek();
  await kept.put("drafts", { ...draft, saved: Date.now(), ...(job && { job }) }, name);
}

/** Return the draft that was changed last, and forget the oldest. */
async function newest(): Promise<KeptDraft | undefined> {
  const drafts = (await database()).transaction("drafts", "readwrite").store;
  const [names, all] = await Promise.all([drafts.getAllKeys(), drafts.getAll()]);
  const saved = (index: number) => all[index]?.saved ?? 0;
  const order = [...names.keys()].sort((one, other) => saved(other) - saved(one));
  await Promise.all(order.slice(MOST).map((index) => drafts.delete(names[index] ?? "")));
  return all[order[0] ?? 0];
}

let tab: Promise<Tab> | undefined;

function thisTab(): Promise<Tab> {
  tab ??= named();
  return tab;
}

async function named(): Promise<Tab> {
  const last = sessionStorage.getItem(TAB);
  if (last && (await hold(last))) return { name: last, from: last };
  const name = `${Date.now()} ${Math.random()}`;
  sessionStorage.setItem(TAB, name);
  await hold(name);
  return { name, from: last ?? name };
}

/** Hold a name until this page is gone; false while another page holds it. */
function hold(name: string): Promise<boolean> {
  // Browsers have no locks for pages that came without HTTPS.
  if (!isSecureContext) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(`${TAB} ${name}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => undefined);
    });
  });
}
