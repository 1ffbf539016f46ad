import { useState } from "preact/hooks";
import { draft } from "../../charts/current";
import type { Kind, Role, SeriesOptions } from "../../charts/draft";
import { MIXABLE, mixes, RULES } from "../../charts/kinds";
import { kindOf, seriesNames } from "../../charts/spec";
import { Icon } from "../../elements/icon";
import { faults, messagesAt } from "../preview/faults";
import { words as chart } from "../words";
import { carry } from "./dragging";
import { dismiss, move, setOption } from "./playing";
import { words } from "./words";

interface SeriesRowProps {
  role: Role;
  name: string;
  at: number;
  of: number;
}

/** One column of several in a part; one that is drawn has options of its own. */
export function SeriesRow({ role, name, at, of }: SeriesRowProps) {
  const [isOpen, setOpen] = useState(false);
  const isDrawn = role === "y";
  const options = draft.value.series[name] ?? {};
  const messages = isDrawn ? faultsOf(name) : [];
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same is done by the select below */}
      <div class="columns-row" draggable={true} onDragStart={(event) => carry(event, name)}>
        <Icon name="grip" />
        {options.color && <span class="columns-dot" style={{ background: options.color }} />}
        <span class="chip-name">{options.name ?? name}</span>
        {options.name && <span class="quiet columns-origin">{name}</span>}
        {isDrawn && (
          <button
            type="button"
            class="bare"
            aria-expanded={isOpen}
            aria-label={words().seriesOptions(name)}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="settings" />
          </button>
        )}
        <button
          type="button"
          class="bare"
          aria-label={words().remove(name)}
          onClick={() => dismiss(role, name)}
        >
          <Icon name="close" />
        </button>
      </div>
      {messages.length > 0 && <p class="fault">{messages.join(" ")}</p>}
      {isOpen && <Options name={name} options={options} at={at} of={of} />}
    </>
  );
}

function faultsOf(name: string): readonly string[] {
  const index = seriesNames(draft.value).indexOf(name);
  return [
    ...messagesAt(faults.value, `series[${index}]`),
    ...messagesAt(faults.value, `data.${name}`),
  ];
}

interface OptionsProps {
  name: string;
  options: SeriesOptions;
  at: number;
  of: number;
}

function Options({ name, options, at, of }: OptionsProps) {
  const kind = kindOf(draft.value, name);
  return (
    <div class="columns-options">
      <label class="field">
        <span class="label">{words().seriesName}</span>
        <input
          value={options.name ?? ""}
          placeholder={name}
          onInput={({ currentTarget }) => setOption(name, "name", currentTarget.value || undefined)}
        />
      </label>
      {mixes(draft.value.kind) && <KindField name={name} />}
      {RULES[kind].takes.includes("axis") && <AxisField name={name} />}
      {RULES[kind].takes.includes("color") && <ColorField name={name} color={options.color} />}
      {of > 1 && (
        <div class="row">
          <button type="button" disabled={at === 0} onClick={() => move("y", name, -1)}>
            <Icon name="up" /> {words().moveUp}
          </button>
          <button type="button" disabled={at === of - 1} onClick={() => move("y", name, 1)}>
            <Icon name="down" /> {words().moveDown}
          </button>
        </div>
      )}
    </div>
  );
}

function KindField({ name }: { name: string }) {
  const main = draft.value.kind === "candlestick" ? "line" : draft.value.kind;
  const own = draft.value.series[name]?.kind;
  return (
    <label class="field">
      <span class="label">{words().seriesKind}</span>
      <select
        value={own ?? ""}
        onChange={({ currentTarget: { value } }) =>
          setOption(name, "kind", (value as Kind) || undefined)
        }
      >
        <option value="">{words().sameKind(chart().kinds[main])}</option>
        {MIXABLE.filter((kind) => kind !== main).map((kind) => (
          <option key={kind} value={kind}>
            {chart().kinds[kind]}
          </option>
        ))}
      </select>
    </label>
  );
}

function AxisField({ name }: { name: string }) {
  return (
    <label class="field">
      <span class="label">{words().seriesAxis}</span>
      <select
        value={draft.value.series[name]?.axis ?? ""}
        onChange={({ currentTarget: { value } }) =>
          setOption(name, "axis", value ? "y2" : undefined)
        }
      >
        <option value="">{words().leftAxis}</option>
        <option value="y2">{words().rightAxis}</option>
      </select>
    </label>
  );
}

/** A colour of the user's own is an exception: it does not follow the style. */
function ColorField({ name, color }: { name: string; color: string | undefined }) {
  return (
    <div class="field">
      <span class="label">{words().seriesColor}</span>
      <div class="row columns-color">
        <select
          aria-label={`${words().seriesColor}: ${name}`}
          value={color === undefined ? "" : "own"}
          onChange={({ currentTarget: { value } }) =>
            setOption(name, "color", value ? "#b23c0a" : undefined)
          }
        >
          <option value="">{words().styleColor}</option>
          <option value="own">{words().ownColor}</option>
        </select>
        {color !== undefined && (
          <input
            type="color"
            aria-label={`${words().ownColor}: ${name}`}
            value={/^#[0-9a-f]{6}$/i.test(color) ? color : "#888888"}
            onInput={({ currentTarget }) => setOption(name, "color", currentTarget.value)}
          />
        )}
      </div>
    </div>
  );
}
