/** Changes of the draft's refinement, each undone by itself; typing in one field is one step. */

import { computed } from "@preact/signals";
import { change, draft, table } from "../../charts/current";
import type { Axis, Refinement } from "../../charts/draft";
import { impliedAxes } from "../../charts/implied";
import { type AxisName, axisOf, type Changes, refined, withAxis } from "./refinement";

/** What the data says of its axes by itself. */
const implied = computed(() => impliedAxes(draft.value, table.value));

/** Return an axis as it is drawn: what the user said, else what the data says. */
export function shownAxis(name: AxisName): Axis {
  return { ...implied.value[name], ...axisOf(draft.value.refinement, name) };
}

/** Put another refinement in place; `name` says which field was used. */
export function changeTo(name: string, refinement: Refinement): void {
  change(`refine.${name}`, { refinement });
}

/** Change one member. */
export function refine<Name extends keyof Refinement>(
  name: Name,
  value: Refinement[Name] | undefined,
): void {
  const changes: Changes<Refinement> = { [name]: value };
  changeTo(name, refined(draft.value.refinement, changes));
}

/** Change one member of one axis. */
export function refineAxis<Name extends keyof Axis>(
  axis: AxisName,
  name: Name,
  value: Axis[Name] | undefined,
): void {
  const changes: Changes<Axis> = { [name]: value };
  const refinement = withAxis(draft.value.refinement, axis, changes, implied.value[axis]);
  changeTo(`axes.${axis}.${name}`, refinement);
}
