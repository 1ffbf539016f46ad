import { useEffect, useRef } from "preact/hooks";
import { draft, table } from "../../charts/current";
import { faultsAt, faultsExactlyAt } from "../fields/faults_at";
import { CheckField, ReadField, readNumber, SelectField, TextField } from "../fields/fields";
import { refineAxis, shownAxis } from "./change";
import { FormatField } from "./format_field";
import { axisType, typesOf } from "./options";
import { type AxisName, axisOf, withLimit } from "./refinement";
import { words } from "./words";

/** The label of an axis, which most charts need. */
export function AxisLabel({ name }: { name: AxisName }) {
  return (
    <TextField
      label={words().labelOf[name]}
      value={shownAxis(name).label ?? ""}
      onInput={(label) => refineAxis(name, "label", label)}
      faults={faultsAt(`axes.${name}.label`)}
    />
  );
}

/** Everything else of an axis. */
export function AxisDetails({ name }: { name: AxisName }) {
  const type = axisType(name, draft.value, table.value);
  const axis = shownAxis(name);
  const hasNumbers = type === "linear" || type === "log";
  const details = useRef<HTMLDetailsElement>(null);
  const isFaulty = faultsAt(`axes.${name}`).length > 0;
  useEffect(() => {
    // what is folded would hide the field to mend
    if (isFaulty && details.current) details.current.open = true;
  }, [isFaulty]);
  return (
    <details class="more" ref={details}>
      <summary>
        {words().axis[name]}
        <span class="quiet">{summary(name)}</span>
      </summary>
      <div class="fields">
        <Faults paths={[`axes.${name}`]} />
        <Scale name={name} />
        {(type !== "category" || axis.limits) && <Limits name={name} />}
        {(type !== "category" || axis.format) && <FormatField name={name} type={type} />}
        {(hasNumbers || axis.prefix || axis.suffix) && <Affixes name={name} />}
        <div class="fields-2">
          <Grid name={name} />
          <div class="refine-beside">
            <CheckField
              label={words().reverse}
              checked={axis.reverse ?? false}
              onChange={(on) => refineAxis(name, "reverse", on || undefined)}
              faults={faultsAt(`axes.${name}.reverse`)}
            />
          </div>
        </div>
      </div>
    </details>
  );
}

/** Faults of a whole, which no single field can show. */
export function Faults({ paths }: { paths: readonly string[] }) {
  const messages = paths.flatMap(faultsExactlyAt);
  return messages.length > 0 ? <p class="fault">{messages.join(" ")}</p> : null;
}

/** What was chosen, in a line: `Logarithmic · 1 – 100 · .0%`. */
function summary(name: AxisName): string {
  const { type, limits, format, prefix, suffix } = axisOf(draft.value.refinement, name);
  const [low, high] = limits ?? [null, null];
  const affixed = prefix || suffix ? `${prefix ?? ""}…${suffix ?? ""}` : "";
  const reach = limits && `${low ?? "…"} – ${high ?? "…"}`;
  return [type && words().types[type], reach, format, affixed].filter(Boolean).join(" · ");
}

function Scale({ name }: { name: AxisName }) {
  const chosen = shownAxis(name).type;
  const types = typesOf(name, draft.value);
  if (types.length === 0 && !chosen) return null;
  const offered = chosen && !types.includes(chosen) ? [...types, chosen] : types;
  const options = (["", ...offered] as const).map((type) => [type, words().types[type]] as const);
  return (
    <SelectField
      label={words().type}
      value={chosen ?? ""}
      options={options}
      onChange={(type) => refineAxis(name, "type", type === "" ? undefined : type)}
      faults={faultsAt(`axes.${name}.type`)}
    />
  );
}

function Limits({ name }: { name: AxisName }) {
  return (
    <div class="fields-2">
      <Limit name={name} end={0} />
      <Limit name={name} end={1} />
    </div>
  );
}

function Limit({ name, end }: { name: AxisName; end: 0 | 1 }) {
  const { limits } = shownAxis(name);
  const isTime = axisType(name, draft.value, table.value) === "time";
  const path = `axes.${name}.limits`;
  return (
    <ReadField<number | string>
      label={end === 0 ? words().from : words().to}
      value={limits?.[end] ?? undefined}
      read={isTime ? (text) => text.trim() : readNumber}
      onInput={(value) => refineAxis(name, "limits", withLimit(limits, end, value))}
      misread={words().notNumber}
      placeholder={isTime ? "2026-03-01" : undefined}
      hint={end === 0 ? words().limitHint : undefined}
      faults={[...(end === 0 ? faultsExactlyAt(path) : []), ...faultsAt(`${path}[${end}]`)]}
    />
  );
}

function Affixes({ name }: { name: AxisName }) {
  const axis = shownAxis(name);
  return (
    <div class="fields-2">
      {(["prefix", "suffix"] as const).map((member) => (
        <TextField
          key={member}
          label={words()[member]}
          value={axis[member] ?? ""}
          maxLength={20}
          onInput={(text) => refineAxis(name, member, text)}
          faults={faultsAt(`axes.${name}.${member}`)}
        />
      ))}
    </div>
  );
}

function Grid({ name }: { name: AxisName }) {
  const { grid } = shownAxis(name);
  const value = grid === undefined ? "" : grid ? "shown" : "hidden";
  const options = (["", "shown", "hidden"] as const).map(
    (choice) => [choice, words().gridChoices[choice]] as const,
  );
  return (
    <SelectField
      label={words().grid}
      value={value}
      options={options}
      onChange={(to) => refineAxis(name, "grid", to === "" ? undefined : to === "shown")}
      faults={faultsAt(`axes.${name}.grid`)}
    />
  );
}
