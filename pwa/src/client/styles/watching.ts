/** What others do to the style on the desk, seen while somebody looks, and whenever they look again. */

import { readNewer } from "../http/styles";
import { whileUsed } from "../pictures/use";
import { notify } from "../shell/notices";
import { asProblem, desk, dirty, legible, list, news, orphan, rebase, refreshList } from "./desk";
import { busy, conflict, writes } from "./saving";
import { words } from "./words";

/** Milliseconds between two looks while somebody is there. */
const EVERY = 4_000;

/** Watch until the returned function is called. */
export function watchStyles(): () => void {
  return whileUsed(() => void refresh(), EVERY);
}

/** What the list said when the document was last read. */
let seen = "";

/** Look once: the list, and the document on the desk where the list says that it is another. */
async function refresh(): Promise<void> {
  await refreshList();
  const now = desk.value;
  const marked = mark();
  if (!now || busy.value || conflict.value || seen === marked) return;
  try {
    const newer = await readNewer(now.name, now.base.version);
    if (newer && newer.version !== news.value?.version) take(now.name, legible(newer));
    seen = marked;
  } catch (error) {
    if (asProblem(error).status !== 404) return;
    seen = marked;
    if (now.base.version !== "0" && desk.value?.name === now.name) orphan();
  }
}

/** What the list says of the newest document: a broken one shows by its fault alone. */
function mark(): string {
  const found = list.value?.styles.find((style) => style.name === desk.value?.name);
  return `${desk.value?.name} ${found?.version} ${found?.fault}`;
}

function take(name: string, newer: { version: string; text: string }): void {
  const now = desk.value;
  if (now?.name !== name || busy.value) return;
  if (dirty.value) {
    news.value = newer;
    return;
  }
  rebase(newer, newer.text);
  writes.value++;
  notify(words().news.taken(newer.version));
}
