import type { ComponentChildren } from "preact";
import { draft } from "../../charts/current";
import type { DateOrder, DecimalMark, Separator, Table } from "../../charts/draft";
import { readAs } from "../../charts/reading";
import { words as chart } from "../words";
import { words } from "./words";

const FOUND = "found";

/** How the text was read, each mark to be chosen otherwise. */
export function Marks({ table }: { table: Table }) {
  const { source } = draft.value;
  return (
    <details class="data-marks">
      <summary>{words().howRead}</summary>
      <div class="columns-2">
        <Choice
          label={words().separator}
          chosen={source.separator}
          found={table.separator}
          names={words().separators}
          choose={(separator: Separator | null) => readAs({ separator })}
        />
        <Choice
          label={words().decimal}
          chosen={source.decimal}
          found={table.decimal}
          names={words().decimals}
          choose={(decimal: DecimalMark | null) => readAs({ decimal })}
        />
        <Choice
          label={words().dateOrder}
          chosen={source.dates}
          found={table.dates}
          names={words().dateOrders}
          choose={(dates: DateOrder | null) => readAs({ dates })}
        />
        <Choice
          label={words().header}
          chosen={source.header === null ? null : source.header ? "names" : "values"}
          found={table.header ? "names" : "values"}
          names={words().headers}
          choose={(to: "names" | "values" | null) => readAs({ header: to && to === "names" })}
        />
      </div>
    </details>
  );
}

interface ChoiceProps<Mark extends string> {
  label: string;
  /** Null: as it is found. */
  chosen: Mark | null;
  /** As it was read. */
  found: Mark;
  names: Record<Mark, string>;
  choose: (mark: Mark | null) => void;
}

function Choice<Mark extends string>(props: ChoiceProps<Mark>): ComponentChildren {
  const { label, chosen, found, names, choose } = props;
  const marks = Object.keys(names) as Mark[];
  return (
    <label class="field">
      <span class="label">{label}</span>
      <select
        value={chosen ?? FOUND}
        onChange={({ currentTarget: { value } }) =>
          choose(marks.find((mark) => mark === value) ?? null)
        }
      >
        <option value={FOUND}>
          {chosen === null ? words().found(names[found]) : chart().automatic}
        </option>
        {marks.map((mark) => (
          <option key={mark} value={mark}>
            {names[mark]}
          </option>
        ))}
      </select>
    </label>
  );
}
