/** Files that are opened with the app, and texts that other apps share, become the chart's data. */

import { effect } from "@preact/signals";
import { handed } from "../../store/handed";
import { takeText } from "./taking";

/** Take what is handed over, now and later; return what stops that. */
export function takeHanded(): () => void {
  return effect(() => {
    const given = handed.value;
    if (!given) return;
    handed.value = null;
    void takeText(given.text);
  });
}
