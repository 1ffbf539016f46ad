import type { Change } from "../../http/styles";
import { words } from "../words";

/** Return who made a change, in words where it was nobody by name. */
export function whoOf(change: Change): string {
  const { nobody, anonymous } = words().history;
  if (!change.who) return nobody;
  return change.who === "anonymous" ? anonymous : change.who;
}
