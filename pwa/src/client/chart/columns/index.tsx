import { change, draft, table, undo } from "../../charts/current";
import { type Slot, slotsOf } from "../../charts/kinds";
import { nearestName } from "../../charts/names";
import { namesIn, renamed } from "../../charts/roles";
import { Icon } from "../../elements/icon";
import { words as chart } from "../words";
import { carry, receiving } from "./dragging";
import { assign, dismiss } from "./playing";
import { SeriesRow } from "./series_row";
import { words } from "./words";
import "./columns.css";

/** The third section: which column plays which part in the chart. */
export function Columns() {
  const { kind, template, pasted } = draft.value;
  if (template) return <p class="quiet">{words().templateColumns}</p>;
  if (pasted) return <p class="quiet">{words().pastedColumns}</p>;
  if (!table.value) return <p class="quiet">{words().noColumns}</p>;
  return (
    <div class="columns">
      <Palette />
      {slotsOf(kind).map((slot) => (
        <SlotField key={`${kind} ${slot.role}`} slot={slot} />
      ))}
      {(draft.value.roles.facet?.length ?? 0) > 0 && <PanelColumns />}
    </div>
  );
}

/** All columns, to be carried to their parts. */
function Palette() {
  const used = new Set(Object.values(draft.value.roles).flat());
  return (
    <div class="columns-palette">
      <p class="quiet">{words().columnsHint}</p>
      <ul>
        {(table.value?.columns ?? []).map(({ name, type }) => (
          <li
            key={name}
            class={used.has(name) ? "chip plain used" : "chip plain"}
            draggable={true}
            onDragStart={(event) => carry(event, name)}
          >
            <Icon name={type} />
            <span class="chip-name">{name}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Four parts that belong together stand two by two. */
const PRICES: ReadonlySet<string> = new Set(["open", "high", "low", "close"]);

function SlotField({ slot }: { slot: Slot }) {
  const { kind, roles } = draft.value;
  const label = chart().rolesOf[kind]?.[slot.role] ?? chart().roles[slot.role];
  const names = namesIn(slot, roles);
  return (
    <fieldset
      class={PRICES.has(slot.role) ? "columns-slot half" : "columns-slot"}
      {...receiving((name) => assign(slot, name))}
    >
      <legend>{label}</legend>
      {slot.many ? (
        <ManyColumns slot={slot} names={names} label={label} />
      ) : (
        <OneColumn slot={slot} name={names[0]} label={label} />
      )}
    </fieldset>
  );
}

function OneColumn({ slot, name, label }: { slot: Slot; name: string | undefined; label: string }) {
  if (name !== undefined && !isPresent(name)) return <Broken slot={slot} name={name} />;
  return (
    <select
      aria-label={label}
      value={name ?? ""}
      onChange={({ currentTarget: { value } }) =>
        value ? assign(slot, value) : name !== undefined && dismiss(slot.role, name)
      }
    >
      <option value="">{slot.needed ? words().needed : words().none}</option>
      <Options slot={slot} />
    </select>
  );
}

interface ManyProps {
  slot: Slot;
  names: readonly string[];
  label: string;
}

function ManyColumns({ slot, names, label }: ManyProps) {
  return (
    <>
      <ul class="columns-series">
        {names.map((name, at) => (
          <li key={name}>
            {isPresent(name) ? (
              <SeriesRow role={slot.role} name={name} at={at} of={names.length} />
            ) : (
              <Broken slot={slot} name={name} />
            )}
          </li>
        ))}
      </ul>
      <select
        aria-label={`${label}: ${words().addColumn}`}
        value=""
        onChange={({ currentTarget }) => {
          assign(slot, currentTarget.value);
          currentTarget.value = "";
        }}
      >
        <option value="">
          {slot.needed && names.length === 0 ? words().needed : words().addColumn}
        </option>
        <Options slot={slot} except={names} />
      </select>
    </>
  );
}

function Options({ slot, except = [] }: { slot: Slot; except?: readonly string[] }) {
  const columns = (table.value?.columns ?? []).filter(({ name }) => !except.includes(name));
  return (
    <>
      {columns.map(({ name, type }) => (
        <option key={name} value={name} disabled={!slot.types.includes(type)}>
          {name} · {chart().types[type]}
        </option>
      ))}
    </>
  );
}

/** A column that the data lacks: what may be meant instead, and the way back. */
function Broken({ slot, name }: { slot: Slot; name: string }) {
  const nearest = nearestName(
    name,
    (table.value?.columns ?? []).map((column) => column.name),
  );
  return (
    <div class="columns-broken">
      <p>
        <Icon name="warning" /> {chart().missingColumn(name)}
      </p>
      <div class="row">
        {nearest && (
          <button
            type="button"
            onClick={() => change("columns", renamed(draft.value, name, nearest))}
          >
            {chart().useInstead(nearest)}
          </button>
        )}
        <button type="button" onClick={undo}>
          {chart().goBack}
        </button>
        <button
          type="button"
          class="bare"
          aria-label={words().remove(name)}
          onClick={() => dismiss(slot.role, name)}
        >
          <Icon name="close" />
        </button>
      </div>
    </div>
  );
}

function isPresent(name: string): boolean {
  return table.value?.columns.some((column) => column.name === name) ?? false;
}

function PanelColumns() {
  const { refinement } = draft.value;
  const put = (text: string) => {
    const { columns: _, ...others } = refinement.facets ?? {};
    const facets = text ? { ...others, columns: Number(text) } : others;
    change("panels", { refinement: { ...refinement, facets } });
  };
  return (
    <label class="field columns-slot">
      <span class="label">{words().panelColumns}</span>
      <input
        type="number"
        min={1}
        max={20}
        placeholder={chart().automatic}
        value={refinement.facets?.columns ?? ""}
        onInput={({ currentTarget }) => currentTarget.validity.valid && put(currentTarget.value)}
      />
    </label>
  );
}
