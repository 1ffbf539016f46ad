/** Light or dark: the system's choice unless the user made one. */

import { signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const REMEMBERED = "plotkiln.theme";

export const theme = signal<Theme>("system");

/** Apply the remembered choice. */
export function startTheme(): void {
  const asked = localStorage.getItem(REMEMBERED);
  choose(THEMES.find((known) => known === asked) ?? "system");
}

/** Apply and remember a choice. */
export function choose(to: Theme): void {
  theme.value = to;
  localStorage.setItem(REMEMBERED, to);
  if (to === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = to;
}
