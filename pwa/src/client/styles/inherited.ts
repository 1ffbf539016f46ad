/** What the document on the desk leaves out, and where it comes from. */

import { computed, effect, signal } from "@preact/signals";
import { type Json, treeOf } from "../../shared/json_tree";
import { readStyle } from "../http/styles";
import { list, tree } from "./desk";
import { isObject } from "./document/differences";
import { type Document, resolved } from "./document/resolving";

/** The documents that are extended, the nearest first. */
const chain = signal<readonly Json[]>([]);
const read = new Map<string, Promise<Json>>();

/** What the members are that the document leaves out. */
export const inherited = computed<Document>(() => resolved(chain.value));
/** The whole look, as far as the browser can tell. */
export const look = computed<Document>(() => resolved([tree.value?.value ?? {}, ...chain.value]));

const extended = computed(() => extendedBy(tree.value?.value));

/** Read the extended styles, whenever they are others, until the returned function is called. */
export function followChain(): () => void {
  return effect(() => {
    const first = extended.value;
    const versions = list.value;
    let outdated = false;
    void chainFrom(first, versions?.styles ?? []).then((documents) => {
      if (!outdated) chain.value = documents;
    });
    return () => {
      outdated = true;
    };
  });
}

/** Return a value of a look. */
export function valueIn(document: Document, section: string, name: string): Json | undefined {
  const members = document[section];
  return isObject(members) ? members[name] : undefined;
}

function extendedBy(document: Json | undefined): string | null {
  const name = isObject(document) ? document.extends : null;
  return typeof name === "string" ? name : null;
}

async function chainFrom(
  first: string | null,
  styles: readonly { name: string; version: string }[],
): Promise<Json[]> {
  const found: Json[] = [];
  const seen = new Set<string>();
  for (let name = first; name && !seen.has(name); name = extendedBy(found.at(-1))) {
    seen.add(name);
    const version = styles.find((style) => style.name === name)?.version;
    if (version === undefined || version === "0") break;
    found.push(await documentOf(name, version));
  }
  return found;
}

function documentOf(name: string, version: string): Promise<Json> {
  const key = `${name}@${version}`;
  const known =
    read.get(key) ??
    readStyle(name)
      .then((stored) => treeOf(stored.text)?.value ?? {})
      .catch((): Json => {
        read.delete(key);
        return {};
      });
  read.set(key, known);
  return known;
}
