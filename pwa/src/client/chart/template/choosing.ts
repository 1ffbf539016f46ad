/** The template of the chart in work: chosen, left, its parameters changed, its columns followed. */

import { change, draft, settle, table, undo } from "../../charts/current";
import type { Draft, Table } from "../../charts/draft";
import { notify } from "../../shell/notices";
import { words as shellWords } from "../../shell/words";
import { fieldsOf } from "./schema";
import { type Template, templateNamed } from "./templates";
import { filled, type Params, suggestedColumns, withParam } from "./values";
import { words } from "./words";

type Chosen = NonNullable<Draft["template"]>;

/** Draw by a template; what it needs is taken from the table where something suits. */
export function choose({ name, params: schema }: Template): void {
  if (draft.value.template?.name === name) return;
  const fields = fieldsOf(schema);
  const columns = suggestedColumns(fields, table.value);
  const params = filled(titled(schema), columns, fields, table.value);
  change("template", { template: { name, params, columns } });
}

/** A title that was given already is the template's too. */
function titled(schema: Template["params"]): Params {
  const { title, subtitle } = draft.value.refinement;
  const given = Object.entries({ title, subtitle });
  return Object.fromEntries(given.filter(([name, text]) => text && schema.properties?.[name]));
}

/** Draw by kind and columns again. */
export function leave(): void {
  change("template", { template: null });
  notify(words().left, { label: shellWords().undo, act: undo });
}

/** Change one parameter; it follows no column from then on. */
export function putParam(name: string, value: unknown): void {
  const { template } = draft.value;
  if (!template) return;
  const { [name]: _, ...columns } = template.columns ?? {};
  const params = withParam(template.params, name, value);
  // a row that comes or goes is a step of its own
  const count = Array.isArray(value) ? value.length : "";
  change(`template.${name} ${count}`, { template: { ...template, params, columns } });
}

/** Let a parameter follow a column, or the whole table. */
export function follow(name: string, column: string): void {
  const { template } = draft.value;
  if (!template) return;
  const columns = { ...template.columns, [name]: column };
  change(`template.${name}`, { template: refilled({ ...template, columns }, table.value) });
}

/** Bring parameters up to date with the table; that is no step of its own for undo. */
export function refill(): void {
  const { template } = draft.value;
  if (!template || !table.value) return;
  const next = refilled(template, table.value);
  if (JSON.stringify(next) === JSON.stringify(template)) return;
  settle({ template: next });
}

function refilled(template: Chosen, from: Table | null): Chosen {
  const schema = templateNamed(template.name)?.params;
  if (!schema) return template;
  const params = filled(template.params, template.columns ?? {}, fieldsOf(schema), from);
  return { ...template, params };
}
