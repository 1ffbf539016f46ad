/** What the picture shows, in a sentence, where the user wrote none. */

import { draft } from "../../charts/current";
import { seriesNames } from "../../charts/spec";
import { language } from "../../language/language";
import { words as chart } from "../words";
import { words } from "./words";

/** Return the text that stands for the picture. */
export function alternativeText(): string {
  const { kind, refinement, roles, pasted, template } = draft.value;
  if (refinement.alt) return refinement.alt;
  if (pasted || template) return refinement.title || words().pictureOf;
  const values = seriesNames(draft.value).map((name) => draft.value.series[name]?.name ?? name);
  const text = words().alternative(chart().kinds[kind], listed(values), roles.x?.[0] ?? "");
  return refinement.title ? `${refinement.title}. ${text}` : text;
}

function listed(names: readonly string[]): string {
  return names.join(language.value === "zh" ? "、" : ", ");
}
