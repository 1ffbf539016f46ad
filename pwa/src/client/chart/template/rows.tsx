import { useEffect, useRef, useState } from "preact/hooks";
import { undo } from "../../charts/current";
import { Icon } from "../../elements/icon";
import { notify } from "../../shell/notices";
import { words as shellWords } from "../../shell/words";
import { faultsExactlyAt } from "../fields/faults_at";
import { Input, type InputProps } from "./input";
import { type Params, withParam } from "./values";
import { words } from "./words";

/** A list of objects: one group of fields each. A new one is sent once something is in it. */
export function Rows({ field, value, path, onChange }: InputProps) {
  const rows = (Array.isArray(value) ? value : []) as readonly Params[];
  const [isAdding, setAdding] = useState(false);
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (isAdding) last(group.current?.querySelectorAll(".template-row"))?.focus();
  }, [isAdding]);
  const put = (next: readonly Params[]) =>
    onChange(next.length > 0 || field.required ? next : undefined);
  const edit = (at: number, row: Params) => {
    put(at < rows.length ? rows.with(at, row) : [...rows, row]);
    setAdding(isAdding && at < rows.length);
  };
  const remove = (at: number) => {
    if (at === rows.length) return setAdding(false);
    put(rows.filter((_, index) => index !== at));
    const text = words().removed(words().row(field.label, at + 1));
    notify(text, { label: shellWords().undo, act: undo });
  };
  const faults = faultsExactlyAt(path);
  const shown = isAdding ? [...rows, blank(field.fields)] : rows;
  return (
    <fieldset class="template-rows" ref={group}>
      <legend>{field.label}</legend>
      {field.description && <p class="quiet">{field.description}</p>}
      {faults.length > 0 && <p class="fault">{faults.join(" ")}</p>}
      {shown.map((row, at) => (
        <Row
          key={at}
          name={words().row(field.label, at + 1)}
          field={field}
          value={row}
          path={`${path}[${at}]`}
          onChange={(to) => edit(at, to as Params)}
          onRemove={() => remove(at)}
        />
      ))}
      <button type="button" disabled={isAdding} onClick={() => setAdding(true)}>
        <Icon name="plus" />
        {words().add(field.label)}
      </button>
    </fieldset>
  );
}

interface RowProps extends InputProps {
  name: string;
  onRemove: () => void;
}

function Row({ name, field, value, path, onChange, onRemove }: RowProps) {
  const row = value as Params;
  return (
    <fieldset class="template-row">
      <legend class="said">{name}</legend>
      {field.fields.map((member) => (
        <Input
          key={member.name}
          field={member}
          value={row[member.name]}
          path={`${path}.${member.name}`}
          onChange={(to) => onChange(withParam(row, member.name, to))}
        />
      ))}
      <button type="button" class="bare" aria-label={words().remove(name)} onClick={onRemove}>
        <Icon name="trash" />
      </button>
    </fieldset>
  );
}

/** Return the first control of the last row. */
function last(rows: NodeListOf<Element> | undefined): HTMLElement | null | undefined {
  return rows?.item(rows.length - 1)?.querySelector<HTMLElement>("input, select, textarea");
}

/** Required texts begin empty, so that the server says what is missing at its own place. */
function blank(fields: InputProps["field"]["fields"]): Params {
  const texts = fields.filter(({ required, shape }) => required && shape === "text");
  return Object.fromEntries(texts.map(({ name }) => [name, ""]));
}
