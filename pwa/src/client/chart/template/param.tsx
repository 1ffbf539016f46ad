import { draft, table } from "../../charts/current";
import { number } from "../../language/formats";
import { faultsAt } from "../fields/faults_at";
import { SelectField } from "../fields/fields";
import { follow, putParam } from "./choosing";
import { Input } from "./input";
import type { Field } from "./schema";
import { fits, WHOLE_TABLE } from "./values";
import { words } from "./words";

/** One parameter: written, or taken from the table where it is a list or a table. */
export function Param({ field }: { field: Field }) {
  const { name, shape } = field;
  const taken = draft.value.template?.columns?.[name];
  const input = (
    <Input
      field={field}
      value={draft.value.template?.params[name]}
      path={`params.${name}`}
      onChange={(value) => putParam(name, value)}
    />
  );
  if (shape !== "list" && shape !== "table") return input;
  return (
    <div class="template-param">
      <TakeFrom field={field} taken={taken} />
      {taken === undefined && input}
    </div>
  );
}

const WRITTEN = "";

function TakeFrom({ field, taken }: { field: Field; taken: string | undefined }) {
  const columns = (table.value?.columns ?? []).filter((column) => fits(column, field));
  const isTable = field.shape === "table";
  const offered: [string, string][] = isTable
    ? [[WHOLE_TABLE, words().wholeTable]]
    : columns.map(({ name }) => [name, name]);
  const isLacking = taken !== undefined && !offered.some(([name]) => name === taken);
  if (!table.value && taken === undefined) return null;
  const options: [string, string][] = [
    [WRITTEN, words().written],
    ...offered,
    ...(isLacking ? [[taken, taken] as [string, string]] : []),
  ];
  const choose = (column: string) => {
    if (column === WRITTEN) putParam(field.name, draft.value.template?.params[field.name]);
    else follow(field.name, column);
  };
  return (
    <SelectField
      label={taken === undefined ? `${field.label}: ${words().takeFrom}` : field.label}
      required={field.required}
      value={taken ?? WRITTEN}
      options={options}
      onChange={choose}
      hint={taken === undefined ? undefined : followed(field, taken)}
      faults={[
        ...(isLacking && table.value ? [words().lacking(taken)] : []),
        ...(taken === undefined ? [] : faultsAt(`params.${field.name}`)),
      ]}
    />
  );
}

function followed(field: Field, taken: string): string {
  const { columns = [], rows = 0 } = table.value ?? {};
  if (field.shape === "table") return words().takenTable(number(columns.length), number(rows));
  const column = columns.find(({ name }) => name === taken);
  return [field.description, column && words().taken(number(column.values.length))]
    .filter(Boolean)
    .join(" ");
}
