/** The format that pictures are downloaded in; kept while the app is open. */

import { signal } from "@preact/signals";
import type { Format } from "../../../shared/pictures";

/** JPEG blurs lines and text: it is last, for programs that take nothing else. */
export const OFFERED_FORMATS = ["png", "svg", "pdf", "webp", "jpeg"] as const satisfies Format[];

export const format = signal<Format>("png");
