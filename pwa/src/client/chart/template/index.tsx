/** Charts that a template draws: cards to choose one, and the form of its parameters. */

import { useEffect } from "preact/hooks";
import { draft, table } from "../../charts/current";
import { Icon } from "../../elements/icon";
import { choose, leave, refill } from "./choosing";
import { Param } from "./param";
import { fieldsOf } from "./schema";
import { listed, readTemplates, templateNamed, unreachable } from "./templates";
import { words } from "./words";
import "../fields/fields.css";
import "./template.css";

await words.load();

/** The templates as cards, beside the kinds; broken ones with the reason. */
export function TemplateList() {
  useEffect(() => void readTemplates(), []);
  const { templates = [], broken = [] } = listed.value ?? {};
  if (listed.value && templates.length + broken.length === 0) return null;
  return (
    <div class="template-list">
      <h3>{words().templates}</h3>
      <Reading />
      {templates.length > 0 && (
        <ul class="template-cards">
          {templates.map((template) => (
            <li key={template.name}>
              <button
                type="button"
                aria-pressed={draft.value.template?.name === template.name}
                onClick={() => choose(template)}
              >
                <strong>{template.title}</strong>
                <span class="quiet">{template.description}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {broken.length > 0 && (
        <details class="more">
          <summary>
            <Icon name="warning" />
            <span class="warning">{words().broken(broken.length)}</span>
          </summary>
          <ul class="template-broken">
            {broken.map(({ source, target, message }) => (
              <li key={source + target}>
                <code>{target || source}</code> {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Reading() {
  if (listed.value && !unreachable.value) return null;
  return (
    <p class="quiet row" role="status">
      {unreachable.value ? words().unreachable : words().loading}
      {unreachable.value && (
        <button type="button" class="link" onClick={() => void readTemplates()}>
          {words().retry}
        </button>
      )}
    </p>
  );
}

/** The parameters of the chosen template. */
export function TemplateForm() {
  const chosen = draft.value.template;
  useEffect(() => void (listed.value ?? readTemplates()), []);
  // the data is read after it was written, and templates after the page
  useEffect(refill, [table.value, listed.value, chosen]);
  if (!chosen) return null;
  const template = templateNamed(chosen.name);
  const fields = template ? fieldsOf(template.params) : [];
  return (
    <div class="fields template-form">
      <header>
        <h3>{template?.title ?? chosen.name}</h3>
        <button type="button" class="link" onClick={leave}>
          {words().backToKinds}
        </button>
      </header>
      {template && <p class="quiet">{template.description}</p>}
      {!template && !listed.value && <Reading />}
      {!template && listed.value && <p class="fault">{words().gone(chosen.name)}</p>}
      {fields.map((field) => (
        <Param key={`${chosen.name} ${field.name}`} field={field} />
      ))}
    </div>
  );
}
