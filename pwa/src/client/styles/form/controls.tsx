import type { Json } from "../../../shared/json_tree";
import type { Unit } from "../document/members";
import { words } from "../words";
import type { ControlProps } from "./member_row";
import { textOf, textsOf } from "./values";

interface NumberProps extends ControlProps {
  least: number;
  most: number;
  step: number;
  unit?: Unit;
}

/** A number within its bounds, with its unit behind it. */
export function NumberField({ ties, value, under, onValue, least, most, step, unit }: NumberProps) {
  return (
    <span class="styles-number">
      <input
        {...ties}
        type="number"
        min={least}
        max={most}
        step={step}
        value={textOf(value)}
        placeholder={textOf(under)}
        onInput={(event) => onValue(numberOf(event.currentTarget.value))}
      />
      {unit && <span class="styles-unit">{words().units[unit]}</span>}
    </span>
  );
}

/** A size in points, or one of the relative words. */
export function Size({ ties, value, under, onValue }: ControlProps) {
  return (
    <>
      <input
        {...ties}
        value={textOf(value)}
        placeholder={textOf(under)}
        list="styles-sizes"
        autocomplete="off"
        onInput={(event) => onValue(sizeOf(event.currentTarget.value.trim()))}
      />
      <datalist id="styles-sizes">
        {SIZES.map((size) => (
          <option key={size} value={size}>
            {words().choices[size]}
          </option>
        ))}
      </datalist>
    </>
  );
}

const SIZES = ["xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large"];

/** One of some words; a value that is none of them stays to be chosen. */
export function Choice({
  ties,
  value,
  under,
  onValue,
  options,
}: ControlProps & { options: readonly string[] }) {
  const { choices, form } = words();
  const chosen = textOf(value);
  const all = chosen && !options.includes(chosen) ? [chosen, ...options] : options;
  const below = textOf(under);
  return (
    <select
      {...ties}
      value={chosen}
      onChange={(event) => onValue(event.currentTarget.value || undefined)}
    >
      <option value="">{form.asInherited(choices[below] ?? below)}</option>
      {all.map((option) => (
        <option key={option} value={option}>
          {choices[option] ?? option}
        </option>
      ))}
    </select>
  );
}

/** Yes, no, or as inherited. */
export function Flag({ ties, value, under, onValue }: ControlProps) {
  const { form } = words();
  return (
    <select
      {...ties}
      value={value === undefined ? "" : String(value)}
      onChange={(event) => onValue(flagOf(event.currentTarget.value))}
    >
      <option value="">{form.asInherited(under ? form.yes : form.no)}</option>
      <option value="true">{form.yes}</option>
      <option value="false">{form.no}</option>
    </select>
  );
}

/** A text. */
export function Text({ ties, value, under, onValue }: ControlProps) {
  return (
    <input
      {...ties}
      value={textOf(value)}
      placeholder={textOf(under)}
      maxLength={200}
      onInput={(event) => onValue(event.currentTarget.value || undefined)}
    />
  );
}

/** Width and height in inches. */
export function Pair({ ties, value, under, onValue }: ControlProps) {
  const { form } = words();
  const shown = Array.isArray(value) ? value : [];
  const below = Array.isArray(under) ? under : [];
  const set = (place: number, text: string) => {
    const sides = [0, 1].map((at) => Number(shown[at] ?? below[at] ?? 1));
    sides[place] = Number(text);
    onValue(text ? sides : undefined);
  };
  return (
    <span class="styles-number">
      {[form.width, form.height].map((label, place) => (
        <input
          key={label}
          {...(place ? {} : ties)}
          type="number"
          aria-label={`${ties["aria-label"]}: ${label}`}
          min={0.5}
          max={100}
          step={0.5}
          value={textOf(shown[place])}
          placeholder={textOf(below[place])}
          onInput={(event) => set(place, event.currentTarget.value)}
        />
      ))}
      <span class="styles-unit">{form.inches}</span>
    </span>
  );
}

/** The sides that have a line. */
export function Sides({ value, under, onValue }: ControlProps) {
  const { choices } = words();
  const chosen = textsOf(value ?? under);
  const toggle = (side: string, on: boolean) =>
    onValue(SIDES.filter((one) => (one === side ? on : chosen.includes(one))));
  return (
    <span class="styles-sides-of">
      {SIDES.map((side) => (
        <label key={side} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(side)}
            onChange={(event) => toggle(side, event.currentTarget.checked)}
          />
          {choices[side]}
        </label>
      ))}
    </span>
  );
}

const SIDES = ["left", "bottom", "right", "top"];

function numberOf(text: string): Json | undefined {
  return text === "" ? undefined : Number(text);
}

function sizeOf(text: string): Json | undefined {
  if (!text) return undefined;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function flagOf(text: string): Json | undefined {
  return text === "" ? undefined : text === "true";
}
