import { undo } from "../../charts/current";
import { Icon } from "../../elements/icon";
import { notify } from "../../shell/notices";
import { words as shellWords } from "../../shell/words";
import { faultsExactlyAt } from "../fields/faults_at";
import { Input, type InputProps } from "./input";
import { type Params, withParam } from "./values";
import { words } from "./words";

/** A list of objects: one group of fields each. */
export function Rows({ field, value, path, onChange }: InputProps) {
  const rows = (Array.isArray(value) ? value : []) as readonly Params[];
  const put = (next: readonly Params[]) =>
    onChange(next.length > 0 || field.required ? next : undefined);
  const remove = (at: number) => {
    put(rows.filter((_, index) => index !== at));
    notify(words().removed(words().row(field.label, at + 1)), {
      label: shellWords().undo,
      act: undo,
    });
  };
  const faults = faultsExactlyAt(path);
  return (
    <fieldset class="template-rows">
      <legend>{field.label}</legend>
      {field.description && <p class="quiet">{field.description}</p>}
      {faults.length > 0 && <p class="fault">{faults.join(" ")}</p>}
      {rows.map((row, at) => (
        <fieldset key={at} class="template-row">
          <legend class="said">{words().row(field.label, at + 1)}</legend>
          {field.fields.map((member) => (
            <Input
              key={member.name}
              field={member}
              value={row[member.name]}
              path={`${path}[${at}].${member.name}`}
              onChange={(to) => put(rows.with(at, withParam(row, member.name, to)))}
            />
          ))}
          <button
            type="button"
            class="bare"
            aria-label={words().remove(words().row(field.label, at + 1))}
            onClick={() => remove(at)}
          >
            <Icon name="trash" />
          </button>
        </fieldset>
      ))}
      <button type="button" onClick={() => put([...rows, blank(field.fields)])}>
        <Icon name="plus" />
        {words().add(field.label)}
      </button>
    </fieldset>
  );
}

/** Required texts begin empty, so that the server says what is missing at its own place. */
function blank(fields: InputProps["field"]["fields"]): Params {
  const texts = fields.filter(({ required, shape }) => required && shape === "text");
  return Object.fromEntries(texts.map(({ name }) => [name, ""]));
}
