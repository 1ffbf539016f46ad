/** Which language the app speaks, and the words of each room in it. */

import { signal } from "@preact/signals";

export type Language = "en" | "zh";

/** `language.value` is read by whatever formats numbers and dates, so that a switch redraws it. */
export const language = signal<Language>("en");

const REMEMBERED = "plotkiln.language";
const loaded = new Set<(to: Language) => Promise<void>>();

/** The words of one room: called, it returns those of the current language. */
export interface Dictionary<Words> {
  (): Words;
  /** Fetch the words of the current language; must have happened before the first call. */
  load(): Promise<void>;
}

/**
 * Return the dictionary of a room. Each language is a chunk of its own, fetched when it is needed.
 *
 * The type of `en` is the contract: a word that `zh` lacks is an error of compilation.
 */
export function dictionary<Words extends object>(
  en: () => Promise<{ default: Words }>,
  zh: () => Promise<{ default: Words }>,
): Dictionary<Words> {
  const words = signal<Words | null>(null);
  const loadIn = async (to: Language) => {
    words.value = (await (to === "zh" ? zh : en)()).default;
  };
  const read = () => {
    if (words.value === null) throw new Error("these words were not loaded yet");
    return words.value;
  };
  const load = async () => {
    if (loaded.has(loadIn)) return;
    await loadIn(language.value);
    loaded.add(loadIn);
  };
  return Object.assign(read, { load });
}

/** Choose the remembered language, else the browser's. */
export async function startLanguage(): Promise<void> {
  const asked = localStorage.getItem(REMEMBERED) ?? navigator.language;
  await speak(asked.startsWith("zh") ? "zh" : "en", { remember: false });
}

/** Change the language of everything on the page at once. */
export async function speak(to: Language, { remember = true } = {}): Promise<void> {
  await Promise.all([...loaded].map((load) => load(to)));
  language.value = to;
  document.documentElement.lang = to === "zh" ? "zh-CN" : "en";
  if (remember) localStorage.setItem(REMEMBERED, to);
}
