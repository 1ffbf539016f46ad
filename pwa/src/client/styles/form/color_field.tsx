import { hexOf } from "../eyes/colors";
import { words } from "../words";
import type { ControlProps } from "./member_row";
import { textOf } from "./values";

/** A colour: the browser's picker, and the text that can say more than the picker. */
export function ColorField({ ties, label, value, under, onValue }: ControlProps) {
  const text = textOf(value);
  return (
    <ColorInputs
      ties={ties}
      pickLabel={words().form.pick(label)}
      text={text}
      shown={text || textOf(under)}
      placeholder={textOf(under)}
      onText={(written) => onValue(written || undefined)}
    />
  );
}

interface Props {
  ties: object;
  pickLabel: string;
  text: string;
  /** The colour of the swatch while there is no text. */
  shown: string;
  placeholder?: string;
  onText: (text: string) => void;
}

/** Picker and text of one colour. */
export function ColorInputs({ ties, pickLabel, text, shown, placeholder = "", onText }: Props) {
  const color = hexOf(shown);
  return (
    <span class={color ? "styles-color" : "styles-color none"}>
      <input
        type="color"
        aria-label={pickLabel}
        value={color ?? "#ffffff"}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <input
        {...ties}
        value={text}
        placeholder={placeholder}
        maxLength={32}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => onText(event.currentTarget.value.trim())}
      />
    </span>
  );
}
