import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { Path } from "../../../shared/json_tree";
import { editMember } from "../desk";
import { nameOf } from "../parts/difference_list";
import { words } from "../words";
import { memberOf } from "./values";

/** What ties a control to its label, hint and faults. */
export interface Ties {
  id: string;
  "aria-label": string;
  "aria-invalid": boolean;
  "aria-describedby": string;
}

interface Props {
  path: Path;
  label: string;
  faults: readonly string[];
  hint?: string | null;
  /** Whether the control is several ones: named as a group then. */
  group?: boolean;
  children: (ties: Ties) => ComponentChildren;
}

/** One member: label, control, and what gives the inherited value back. */
export function Row({ path, label, faults, hint, group = false, children }: Props) {
  const id = useId();
  const name = nameOf(path);
  const ties = {
    id,
    "aria-label": name,
    "aria-invalid": faults.length > 0,
    "aria-describedby": `${id}-said`,
  };
  const isSet = memberOf(path) !== undefined;
  return (
    <div class={isSet ? "styles-field set" : "styles-field"}>
      {group ? (
        <span class="label" aria-hidden="true">
          {label}
        </span>
      ) : (
        <label class="label" for={id}>
          {label}
        </label>
      )}
      {/* A fieldset's legend could not stand beside its controls. */}
      <div class="control" {...(group ? { role: "group", "aria-label": name } : {})}>
        {children(ties)}
      </div>
      {isSet ? <Reset path={path} name={name} /> : <span />}
      <div class="below" id={`${id}-said`}>
        {faults.map((fault) => (
          <p key={fault} class="fault">
            {fault}
          </p>
        ))}
        {hint && <p class="hint">{hint}</p>}
      </div>
    </div>
  );
}

/** Give the inherited value back. */
function Reset({ path, name }: { path: Path; name: string }) {
  const label = words().form.inherited;
  return (
    <button
      type="button"
      class="bare"
      aria-label={`${name}: ${label}`}
      title={label}
      onClick={() => editMember(path, undefined, { typed: false })}
    >
      ×
    </button>
  );
}
