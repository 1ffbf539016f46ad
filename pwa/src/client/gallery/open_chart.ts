/** Which kept chart is on the bench: remembered like the draft, so that keeping it updates it. */

import { effect } from "@preact/signals";
import { openChart } from "../charts/current";

const REMEMBERED = "plotkiln.open";

/** Take up the remembered one, and remember from now on. */
export function startOpenChart(): void {
  openChart.value ??= localStorage.getItem(REMEMBERED);
  effect(() => {
    if (openChart.value) localStorage.setItem(REMEMBERED, openChart.value);
    else localStorage.removeItem(REMEMBERED);
  });
}
