/** Which kept chart is on the bench: remembered like the draft, so that keeping it updates it. */

import { effect } from "@preact/signals";
import { openChart } from "../charts/current";

const REMEMBERED = "plotkiln.open";

/** Take up the remembered one, and remember from now on. */
export function startOpenChart(): void {
  // A new tab begins with the last draft of any.
  const kept = sessionStorage.getItem(REMEMBERED) ?? localStorage.getItem(REMEMBERED);
  openChart.value ??= kept || null;
  effect(() => {
    for (const storage of [sessionStorage, localStorage]) {
      storage.setItem(REMEMBERED, openChart.value ?? "");
    }
  });
}
