import { editMember } from "../desk";
import { faultsAt } from "../faults";
import { Swatches } from "../parts/swatches";
import { words } from "../words";
import { ColorInputs } from "./color_field";
import { Eyes } from "./eyes";
import { Items } from "./items";
import { inheritedOf, memberOf, textsOf } from "./values";

const PATH = ["palette"];

/** The colours of the series, in turn, and how others see them. */
export function Palette() {
  const { sections, form } = words();
  const own = memberOf(PATH);
  const colors = textsOf(own ?? inheritedOf(PATH));
  const set = (items: string[], how = { typed: false }) => editMember(PATH, items, how);
  return (
    <details class="styles-section" open>
      <summary>
        <h2>{sections.palette}</h2>
        {own === undefined && <span class="quiet">{form.inheritedList}</span>}
      </summary>
      {own === undefined ? (
        <div class="styles-borrowed">
          <Swatches colors={colors} />
          <button type="button" onClick={() => set(colors)}>
            {form.own}
          </button>
        </div>
      ) : (
        <>
          <Items
            items={colors}
            most={64}
            addLabel={form.addColor}
            fresh={colors.at(-1) ?? "#007ACC"}
            labelAt={form.colorAt}
            onItems={set}
          >
            {(color, place, put) => <ColorAt color={color} place={place} put={put} />}
          </Items>
          <button
            type="button"
            class="link styles-inherit"
            onClick={() => editMember(PATH, undefined)}
          >
            {form.inherited}
          </button>
        </>
      )}
      <Eyes colors={colors} />
    </details>
  );
}

interface ColorAtProps {
  color: string;
  place: number;
  put: (text: string) => void;
}

function ColorAt({ color, place, put }: ColorAtProps) {
  const label = words().form.colorAt(place + 1);
  const faults = faultsAt(["palette", place]);
  const ties = { "aria-label": label, "aria-invalid": faults.length > 0 };
  return (
    <div class="styles-item">
      <ColorInputs
        ties={ties}
        pickLabel={words().form.pick(label)}
        text={color}
        shown={color}
        onText={put}
      />
      {faults.map((fault) => (
        <p key={fault} class="fault">
          {fault}
        </p>
      ))}
    </div>
  );
}
