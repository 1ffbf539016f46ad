import { words } from "../words";
import { Items } from "./items";
import type { ControlProps } from "./member_row";
import { textsOf } from "./values";

/** Fonts, the first choice first. */
export function Families({ value, onValue }: ControlProps) {
  const { form } = words();
  if (value === undefined) {
    return (
      <button type="button" onClick={() => onValue(["sans-serif"])}>
        {form.ownFonts}
      </button>
    );
  }
  return (
    <Items
      items={textsOf(value)}
      most={20}
      addLabel={form.addFont}
      fresh="sans-serif"
      labelAt={form.fontAt}
      onItems={onValue}
    >
      {(family, place, put) => (
        <input
          value={family}
          aria-label={form.fontAt(place + 1)}
          maxLength={100}
          spellcheck={false}
          onInput={(event) => put(event.currentTarget.value)}
        />
      )}
    </Items>
  );
}
