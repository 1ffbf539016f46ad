import { useState } from "preact/hooks";
import { draft, table } from "../../charts/current";
import { number } from "../../language/formats";
import { faultsAt, faultsExactlyAt } from "../fields/faults_at";
import { CheckField, ReadField, readNumber, SelectField, TextField } from "../fields/fields";
import { Rows } from "./rows";
import type { Field } from "./schema";
import { linesOf, listOf, type Params, WHOLE_TABLE, withParam } from "./values";
import { words } from "./words";

export interface InputProps {
  field: Field;
  value: unknown;
  /** `params.events[0].label`. */
  path: string;
  /** `undefined` leaves it to the default. */
  onChange: (value: unknown) => void;
}

/** The control of one value, by its shape. */
export function Input(props: InputProps) {
  switch (props.field.shape) {
    case "text":
      return <Text {...props} />;
    case "number":
    case "integer":
      return <NumberInput {...props} />;
    case "boolean":
      return <YesOrNo {...props} />;
    case "choice":
      return <Choice {...props} />;
    case "list":
      return <List {...props} />;
    case "rows":
      return <Rows {...props} />;
    case "object":
      return <Members {...props} />;
    default:
      return <Json {...props} />;
  }
}

function Text({ field, value, path, onChange }: InputProps) {
  const usual = typeof field.default === "string" ? field.default : "";
  const isLeft = (text: string) => text === "" && !field.required;
  return (
    <TextField
      label={field.label}
      hint={field.description}
      required={field.required}
      value={typeof value === "string" ? value : ""}
      placeholder={usual}
      maxLength={field.longest ?? undefined}
      offered={isTop(path) ? columnNames() : []}
      onInput={(text) => onChange(isLeft(text) ? undefined : text)}
      faults={faultsAt(path)}
    />
  );
}

function isTop(path: string): boolean {
  return !path.slice("params.".length).includes(".");
}

/** Beside a whole table, texts are often names of its columns. */
function columnNames(): readonly string[] {
  const taken = Object.values(draft.value.template?.columns ?? {});
  const columns = taken.includes(WHOLE_TABLE) ? table.value?.columns : [];
  return (columns ?? []).map(({ name }) => name);
}

function NumberInput({ field, value, path, onChange }: InputProps) {
  const isWhole = field.shape === "integer";
  const read = (text: string) => {
    const found = readNumber(text);
    return isWhole && !Number.isInteger(found) ? null : found;
  };
  return (
    <ReadField<number>
      label={field.label}
      hint={[field.description, bounds(field)].filter(Boolean).join(" ")}
      required={field.required}
      value={typeof value === "number" ? value : undefined}
      placeholder={typeof field.default === "number" ? String(field.default) : undefined}
      read={read}
      onInput={onChange}
      misread={isWhole ? words().notWhole : words().notNumber}
      faults={faultsAt(path)}
    />
  );
}

/** `1 to 12. 7 if empty.` */
function bounds(field: Field): string {
  const { least, greatest, default: usual } = field;
  const [low, high] = [least, greatest].map((bound) => (bound === null ? "" : number(bound)));
  const reach =
    low && high ? words().between(low, high) : low ? words().from(low) : high && words().upTo(high);
  const standing = typeof usual === "number" ? words().usual(number(usual)) : "";
  return [reach, standing].filter(Boolean).join(" · ");
}

function YesOrNo({ field, value, path, onChange }: InputProps) {
  return (
    <CheckField
      label={field.label}
      hint={field.description}
      checked={typeof value === "boolean" ? value : field.default === true}
      onChange={(on) => onChange(on === field.default ? undefined : on)}
      faults={faultsAt(path)}
    />
  );
}

/** Options are numbers or texts: what is chosen is found by its place. */
function Choice({ field, value, path, onChange }: InputProps) {
  const usual = field.options.includes(field.default) ? String(field.default) : "";
  const empty = usual ? words().usual(usual) : words().unset;
  const options = field.options.map((option, at): [string, string] => [String(at), String(option)]);
  const at = field.options.indexOf(value);
  return (
    <SelectField
      label={field.label}
      hint={field.description}
      required={field.required}
      value={at < 0 ? "" : String(at)}
      options={field.required && at >= 0 ? options : [["", empty], ...options]}
      onChange={(chosen) => onChange(chosen === "" ? undefined : field.options[Number(chosen)])}
      faults={faultsAt(path)}
    />
  );
}

function List({ field, value, path, onChange }: InputProps) {
  const how = field.nullable && field.item !== "text" ? words().gapLine : words().onePerLine;
  const read = (text: string) => listOf(text, field);
  return (
    <ReadField<unknown[]>
      label={field.label}
      hint={[field.description, how].filter(Boolean).join(" ")}
      required={field.required}
      rows={3}
      value={Array.isArray(value) && value.length > 0 ? value : undefined}
      read={read}
      write={linesOf}
      onInput={(list) => onChange(list ?? (field.required ? [] : undefined))}
      misread=""
      faults={faultsAt(path)}
    />
  );
}

function Members({ field, value, path, onChange }: InputProps) {
  const members = (typeof value === "object" && value !== null ? value : {}) as Params;
  return (
    <fieldset class="template-group">
      <legend>{field.label}</legend>
      <div class="fields">
        {field.description && <p class="quiet">{field.description}</p>}
        {faultsExactlyAt(path).length > 0 && <p class="fault">{faultsExactlyAt(path).join(" ")}</p>}
        {field.fields.map((member) => (
          <Input
            key={member.name}
            field={member}
            value={members[member.name]}
            path={`${path}.${member.name}`}
            onChange={(to) => onChange(withParam(members, member.name, to))}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** What no other control can say. */
function Json({ field, value, path, onChange }: InputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = value === undefined ? "" : JSON.stringify(value);
  const type = (text: string) => {
    const read = text.trim() === "" ? undefined : parsed(text);
    setTyped(read === null ? text : null);
    if (read !== null) onChange(read?.value);
  };
  return (
    <TextField
      label={field.label}
      hint={[field.description, words().json].filter(Boolean).join(" ")}
      required={field.required}
      rows={3}
      value={typed ?? shown}
      onInput={type}
      faults={typed === null ? faultsAt(path) : [words().notJson]}
    />
  );
}

function parsed(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}
