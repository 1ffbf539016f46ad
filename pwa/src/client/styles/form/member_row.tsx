import type { Json } from "../../../shared/json_tree";
import { number } from "../../language/formats";
import { editMember } from "../desk";
import type { MemberField } from "../document/members";
import { rgbOf } from "../eyes/colors";
import { contrast, READABLE, READABLE_LARGE } from "../eyes/eyesight";
import { faultsAt } from "../faults";
import { look, valueIn } from "../inherited";
import { nameOf } from "../parts/difference_list";
import { words } from "../words";
import { ColorField } from "./color_field";
import { Choice, Flag, NumberField, Pair, Sides, Size, Text } from "./controls";
import { Families } from "./families";
import { Row, type Ties } from "./row";
import { inheritedOf, memberOf } from "./values";

/** What a control is given. */
export interface ControlProps {
  ties: Ties;
  label: string;
  value: Json | undefined;
  /** What serves while there is no value. */
  under: Json | undefined;
  onValue: (value: Json | undefined, how?: { typed: boolean }) => void;
}

/** One member of a section as a row of the form. */
export function MemberRow({ field }: { field: MemberField }) {
  const { members } = words();
  const path = [field.section, field.name];
  const label = members[field.name as keyof typeof members] ?? field.name;
  const kind = field.control.kind;
  const given = {
    label: nameOf(path),
    value: memberOf(path),
    under: inheritedOf(path),
    onValue: (value: Json | undefined, how?: { typed: boolean }) => editMember(path, value, how),
  };
  return (
    <Row
      path={path}
      label={label}
      faults={faultsAt(path)}
      hint={contrastHint(field)}
      group={kind === "pair" || kind === "sides" || kind === "families"}
    >
      {(ties) => <Control field={field} given={{ ...given, ties }} />}
    </Row>
  );
}

function Control({ field, given }: { field: MemberField; given: ControlProps }) {
  const { control } = field;
  if (control.kind === "color") return <ColorField {...given} />;
  if (control.kind === "number") return <NumberField {...given} {...control} />;
  if (control.kind === "choice") return <Choice {...given} options={control.options} />;
  if (control.kind === "size") return <Size {...given} />;
  if (control.kind === "flag") return <Flag {...given} />;
  if (control.kind === "pair") return <Pair {...given} />;
  if (control.kind === "families") return <Families {...given} />;
  if (control.kind === "sides") return <Sides {...given} />;
  return <Text {...given} />;
}

/** Say so where a text's colour can hardly be read on what lies below it. */
function contrastHint({ section, name, control }: MemberField): string | null {
  if (control.kind !== "color" || !control.over) return null;
  const ink = colorIn(section, name);
  const sheet = colorIn(control.over, "facecolor") ?? colorIn("figure", "facecolor");
  if (!ink || !sheet) return null;
  const least = section === "title" ? leastOfTitle() : READABLE;
  const ratio = contrast(ink, sheet);
  if (ratio >= least) return null;
  return words().eyes.contrast(number(Math.floor(ratio * 10) / 10, 1), number(least, 1));
}

function colorIn(section: string, name: string) {
  const value = valueIn(look.value, section, name);
  return typeof value === "string" ? rgbOf(value) : null;
}

/** Large text is readable at less: from 18 points, or 14 where it is bold. */
function leastOfTitle(): number {
  const size = Number(valueIn(look.value, "title", "fontsize"));
  const bold = valueIn(look.value, "title", "fontweight") === "bold";
  return size >= (bold ? 14 : 18) ? READABLE_LARGE : READABLE;
}
