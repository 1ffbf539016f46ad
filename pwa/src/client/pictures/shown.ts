/** The picture on screen: what is revalidated while somebody looks at it. */

import { signal } from "@preact/signals";
import type { Picture } from "./pictures";

export const shown = signal<Picture | null>(null);
