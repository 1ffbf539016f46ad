/** What the draft in work says, as a spec. */

import { computed } from "@preact/signals";
import { draft, table } from "./current";
import { type Missing, type Spec, toSpec } from "./spec";

const result = computed(() => toSpec(draft.value, table.value));

/** The spec; null while parts are missing. */
export const spec = computed<Spec | null>(() =>
  Array.isArray(result.value) ? null : result.value,
);

/** The parts that no column plays. */
export const missing = computed<readonly Missing[]>(() =>
  Array.isArray(result.value) ? result.value : [],
);
