import { draft } from "../../charts/current";
import type { Column, ColumnType, Table } from "../../charts/draft";
import { readAs } from "../../charts/reading";
import { Icon } from "../../elements/icon";
import { number } from "../../language/formats";
import { carry } from "../columns/dragging";
import { words as chart } from "../words";
import { words } from "./words";

const TYPES = ["number", "date", "text"] as const;

/** Every column as a chip: its type is shown, and can be corrected there. */
export function ColumnTypes({ table }: { table: Table }) {
  return (
    <ul class="data-chips">
      {table.columns.map((column) => (
        <Chip key={column.name} column={column} />
      ))}
    </ul>
  );
}

function Chip({ column: { name, type, detected } }: { column: Column }) {
  return (
    <li class="chip" data-type={type} draggable={true} onDragStart={(event) => carry(event, name)}>
      <Icon name={type} />
      <span class="chip-name" title={name}>
        {name}
      </span>
      <select
        aria-label={words().typeOf(name)}
        value={type}
        onChange={({ currentTarget }) => correct(name, currentTarget.value as ColumnType, detected)}
      >
        {TYPES.map((other) => (
          <option key={other} value={other}>
            {chart().types[other]}
          </option>
        ))}
      </select>
    </li>
  );
}

function correct(name: string, type: ColumnType, detected: ColumnType): void {
  const { [name]: _, ...others } = draft.value.source.types;
  readAs({ types: type === detected ? others : { ...others, [name]: type } });
}

/** The cells that do not fit their columns: how many, and where the first of them are. */
export function Misfits({ table }: { table: Table }) {
  const columns = table.columns.filter(({ misfits }) => misfits > 0);
  if (columns.length === 0) return null;
  return (
    <ul class="data-misfits">
      {columns.map((column) => (
        <li key={column.name} class="warning">
          <Icon name="warning" /> <span>{misfitsOf(column)}</span>
        </li>
      ))}
    </ul>
  );
}

function misfitsOf({ name, type, misfits, places = [] }: Column): string {
  const told = words().misfits(misfits, name, chart().types[type]);
  const listed = places.map(({ row, text }) => words().misfitAt(number(row, 0), text));
  const more = misfits > places.length ? [...listed, "…"] : listed;
  return told + words().misfitPlaces(more.join(", "));
}
