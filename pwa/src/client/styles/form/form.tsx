import { desk, editMember, list, tree } from "../desk";
import { isObject } from "../document/differences";
import { type FormSection, SECTIONS } from "../document/members";
import { readPath } from "../document/paths";
import { faultsAt, shownFaults } from "../faults";
import { mayWrite } from "../permission";
import { words } from "../words";
import { MemberRow } from "./member_row";
import { Palette } from "./palette";
import { Row } from "./row";
import { memberOf } from "./values";
import "./form.css";

/** The common members as fields; what they change is the text that the JSON shows. */
export function Form() {
  const labels = words().form;
  const value = tree.value?.value;
  const why = value === undefined ? labels.noJson : isObject(value) ? null : labels.noObject;
  return (
    <form
      class="styles-form"
      aria-label={labels.label}
      onSubmit={(event) => event.preventDefault()}
    >
      {why && (
        <p class="styles-note" role="status">
          {why}
        </p>
      )}
      <fieldset
        class={why === null && !mayWrite() ? "reading" : undefined}
        disabled={why !== null || !mayWrite()}
      >
        <OtherFaults />
        <Extends />
        <Palette />
        {SECTIONS.map((section) => (
          <Section key={section.id} section={section} />
        ))}
        <RcNote />
      </fieldset>
    </form>
  );
}

function Section({ section }: { section: FormSection }) {
  const { sections, form } = words();
  const set = section.fields.filter((field) => memberOf([field.section, field.name]) !== undefined);
  const faulty = section.fields.some((field) => faultsAt([field.section, field.name]).length > 0);
  return (
    <details class="styles-section" open={section.open || faulty}>
      <summary>
        <h2>{sections[section.id]}</h2>
        {set.length > 0 && <span class="quiet">{form.set(set.length)}</span>}
      </summary>
      {section.fields.map((field) => (
        <MemberRow key={field.name} field={field} />
      ))}
    </details>
  );
}

function Extends() {
  const labels = words().form;
  const value = memberOf(["extends"]);
  const chosen = typeof value === "string" ? value : "";
  const names = (list.value?.styles ?? [])
    .filter((style) => style.version !== "0" && style.name !== desk.value?.name)
    .map((style) => style.name);
  return (
    <Row path={["extends"]} label={labels.extends} faults={faultsAt(["extends"])}>
      {(ties) => (
        <select
          {...ties}
          value={chosen}
          onChange={(event) => editMember(["extends"], event.currentTarget.value || undefined)}
        >
          <option value="">{labels.nothing}</option>
          {chosen && !names.includes(chosen) && (
            <option value={chosen}>{labels.unknownStyle(chosen)}</option>
          )}
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </Row>
  );
}

/** Faults of members that the form does not show. */
function OtherFaults() {
  const known = new Set(SECTIONS.flatMap(({ fields }) => fields.map(keyOf)));
  const others = shownFaults.value.filter(({ path }) => {
    const [section, name] = readPath(path);
    return section !== "extends" && section !== "palette" && !known.has(`${section}.${name}`);
  });
  if (!others.length) return null;
  return (
    <ul class="styles-faults">
      {others.map(({ path, message }) => (
        <li key={path + message} class="fault">
          {path && <code>{path}</code>} {message}
        </li>
      ))}
    </ul>
  );
}

function RcNote() {
  const rc = memberOf(["rc"]);
  const count = isObject(rc) ? Object.keys(rc).length : 0;
  return count ? <p class="quiet styles-rc">{words().form.rc(count)}</p> : null;
}

function keyOf(field: { section: string; name: string }): string {
  return `${field.section}.${field.name}`;
}
