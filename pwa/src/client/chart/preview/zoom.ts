/** How large the picture is shown. */

import { signal } from "@preact/signals";

export const ZOOMS = ["fit", "100", "200"] as const;
export type Zoom = (typeof ZOOMS)[number];

export const zoom = signal<Zoom>("fit");

/** Show larger, or smaller: one step. */
export function step(by: 1 | -1): void {
  const at = ZOOMS.indexOf(zoom.value) + by;
  zoom.value = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, at))] ?? "fit";
}
