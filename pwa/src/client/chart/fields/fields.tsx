/** Labelled controls of the chart's forms: hint and faults stand at the control and are read with it. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import "./fields.css";

interface Shared {
  label: string;
  hint?: string | undefined;
  faults?: readonly string[] | undefined;
  required?: boolean | undefined;
}

/** What ties a control to its label, hint and faults. */
interface Ties {
  id: string;
  "aria-invalid": boolean | undefined;
  "aria-describedby": string | undefined;
  "aria-required": boolean | undefined;
}

interface FrameProps extends Shared {
  children: (ties: Ties) => ComponentChildren;
}

/** A label above a control, hint and faults below it. */
export function Frame({ label, hint, faults = [], required, children }: FrameProps) {
  const id = useId();
  const [hintId, faultId] = [`${id}-hint`, `${id}-fault`];
  const told = [hint && hintId, faults.length > 0 && faultId].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </label>
      {children({
        id,
        "aria-invalid": faults.length > 0 || undefined,
        "aria-describedby": told || undefined,
        "aria-required": required,
      })}
      {hint && (
        <span class="hint" id={hintId}>
          {hint}
        </span>
      )}
      {faults.length > 0 && (
        <span class="fault" id={faultId}>
          {faults.join(" ")}
        </span>
      )}
    </div>
  );
}

interface TextProps extends Shared {
  value: string;
  onInput: (value: string) => void;
  placeholder?: string | undefined;
  /** More than one line. */
  rows?: number | undefined;
  /** What is offered while typing. */
  offered?: readonly string[] | undefined;
  maxLength?: number | undefined;
}

/** One text. */
export function TextField({ value, onInput, rows, offered = [], ...shared }: TextProps) {
  const { placeholder, maxLength, ...frame } = shared;
  const list = useId();
  const input = (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value);
  const same = {
    value,
    onInput: input,
    ...(placeholder ? { placeholder } : {}),
    ...(maxLength ? { maxLength } : {}),
  };
  return (
    <Frame {...frame}>
      {(ties) =>
        rows ? (
          <textarea {...ties} {...same} rows={rows} />
        ) : (
          <>
            <input {...ties} {...same} type="text" list={offered.length > 0 ? list : undefined} />
            {offered.length > 0 && (
              <datalist id={list}>
                {offered.map((text) => (
                  <option key={text} value={text} />
                ))}
              </datalist>
            )}
          </>
        )
      }
    </Frame>
  );
}

interface ReadProps<Value> extends Omit<TextProps, "value" | "onInput"> {
  value: Value | undefined;
  onInput: (value: Value | undefined) => void;
  /** Return what a text means; null for nothing, which is said with `misread`. */
  read: (text: string) => Value | null;
  write?: (value: Value) => string;
  misread: string;
}

/** A value that is written as text: what cannot be read stays as it was typed, marked. */
export function ReadField<Value>(props: ReadProps<Value>) {
  const { value, onInput, read, write = String, misread, faults = [], ...rest } = props;
  const shown = value === undefined ? "" : write(value);
  const [typed, setTyped] = useState(shown);
  const means = typed.trim() === "" ? undefined : read(typed);
  const isSame = means === null || (means === undefined ? "" : write(means)) === shown;
  // a change from elsewhere, undo most of all, replaces what was typed
  useEffect(() => {
    if (!isSame || means === null) setTyped(shown);
  }, [shown]);
  const type = (text: string) => {
    setTyped(text);
    const found = text.trim() === "" ? undefined : read(text);
    if (found !== null) onInput(found);
  };
  const all = means === null ? [misread, ...faults] : faults;
  return <TextField {...rest} value={typed} onInput={type} faults={all} />;
}

/** Return the number that a text is, with a point or a comma before decimals; null for none. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace("−", "-");
  const pointed = /^[^.]*,[^.,]*$/.test(plain) ? plain.replace(",", ".") : plain;
  const number = Number(pointed);
  return pointed !== "" && Number.isFinite(number) ? number : null;
}

interface SelectProps<Value extends string> extends Shared {
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
}

/** One of several. */
export function SelectField<Value extends string>(props: SelectProps<Value>) {
  const { value, options, onChange, ...frame } = props;
  const change = (event: { currentTarget: { value: string } }) =>
    onChange(event.currentTarget.value as Value);
  return (
    <Frame {...frame}>
      {(ties) => (
        <select {...ties} value={value} onChange={change}>
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}

interface CheckProps extends Omit<Shared, "required"> {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** Yes or no. */
export function CheckField({ label, hint, faults = [], checked, onChange }: CheckProps) {
  const id = useId();
  const told = hint || faults.length > 0;
  return (
    <div class="field">
      <label class="check">
        <input
          type="checkbox"
          checked={checked}
          aria-invalid={faults.length > 0 || undefined}
          aria-describedby={told ? id : undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {label}
      </label>
      {told && (
        <span class={faults.length > 0 ? "fault" : "hint"} id={id}>
          {faults.length > 0 ? faults.join(" ") : hint}
        </span>
      )}
    </div>
  );
}
