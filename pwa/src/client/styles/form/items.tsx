import type { ComponentChildren } from "preact";
import { Icon } from "../../elements/icon";
import { words } from "../words";

interface Props {
  items: readonly string[];
  most: number;
  addLabel: string;
  /** What a new item says. */
  fresh: string;
  labelAt: (place: number) => string;
  /** `typed` where a text changed, and not the list. */
  onItems: (items: string[], how: { typed: boolean }) => void;
  children: (item: string, place: number, put: (text: string) => void) => ComponentChildren;
}

/** A list of texts: add, remove, reorder. */
export function Items({ items, most, addLabel, fresh, labelAt, onItems, children }: Props) {
  const { form } = words();
  const put = (place: number, text: string) => onItems(items.with(place, text), { typed: true });
  const change = (next: string[]) => onItems(next, { typed: false });
  const move = (place: number, by: number) => {
    const next = [...items];
    next.splice(place + by, 0, ...next.splice(place, 1));
    change(next);
  };
  return (
    <>
      <ol class="styles-items">
        {items.map((item, place) => (
          <li key={place}>
            {children(item, place, (text) => put(place, text))}
            <Mover
              label={`${labelAt(place + 1)}: ${form.up}`}
              disabled={!place}
              act={() => move(place, -1)}
            >
              ↑
            </Mover>
            <Mover
              label={`${labelAt(place + 1)}: ${form.down}`}
              disabled={place === items.length - 1}
              act={() => move(place, 1)}
            >
              ↓
            </Mover>
            <Mover
              label={`${labelAt(place + 1)}: ${form.remove}`}
              disabled={items.length === 1}
              act={() => change(items.toSpliced(place, 1))}
            >
              ×
            </Mover>
          </li>
        ))}
      </ol>
      <button
        type="button"
        class="styles-add"
        disabled={items.length >= most}
        onClick={() => change([...items, fresh])}
      >
        <Icon name="plus" /> {addLabel}
      </button>
    </>
  );
}

interface MoverProps {
  label: string;
  disabled: boolean;
  act: () => void;
  children: string;
}

function Mover({ label, disabled, act, children }: MoverProps) {
  return (
    <button type="button" class="bare" aria-label={label} disabled={disabled} onClick={act}>
      <span aria-hidden="true">{children}</span>
    </button>
  );
}
