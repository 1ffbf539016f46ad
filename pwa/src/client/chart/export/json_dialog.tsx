/** The spec as text: to read, to edit, to replace. */

import { useEffect, useRef, useState } from "preact/hooks";
import { parseOrdered } from "../../../shared/ordered_json";
import { change, draft, table, undo } from "../../charts/current";
import { fromSpec, toSpec } from "../../charts/spec";
import { copyText } from "../../elements/clipboard";
import { Dialog } from "../../elements/dialog";
import { Deferred } from "../../http/jobs";
import { type Fault, Problem } from "../../http/problems";
import { draw, release } from "../../pictures/pictures";
import { notify } from "../../shell/notices";
import { words as shellWords } from "../../shell/words";
import { reasonOf } from "./current_spec";
import { CopyButton } from "./index";
import { faultyLine, jsonText } from "./json_text";
import { run } from "./task";
import { words } from "./words";

interface JsonDialogProps {
  onClose: () => void;
}

/** Show the spec; "use this spec" asks the server first, and shows each fault with its place. */
export function JsonDialog({ onClose }: JsonDialogProps) {
  const [text, setText] = useState(writtenSpec);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [isChecking, setChecking] = useState(false);
  const asked = useRef(new AbortController());
  useEffect(() => () => asked.current.abort(), []);
  const use = async () => {
    asked.current.abort();
    asked.current = new AbortController();
    setChecking(true);
    const found = await checked(text, asked.current.signal);
    if (found === "aborted") return;
    setChecking(false);
    if (Array.isArray(found)) return setFaults(found);
    putOnBench(found as Record<string, unknown>);
    onClose();
  };
  const copy = () =>
    run("json", async () => {
      await copyText(text);
      return words().copied;
    });
  return (
    <Dialog open title={words().json} onClose={onClose}>
      <div class="fields export-json">
        <p class="quiet">{words().jsonHint}</p>
        <textarea
          aria-label={words().jsonText}
          aria-invalid={faults.length > 0 || undefined}
          aria-describedby="export-json-faults"
          spellcheck={false}
          rows={16}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setFaults([]);
          }}
        />
        <ul id="export-json-faults" class="export-faults" aria-live="polite">
          {faults.map(({ path, message }) => (
            <li key={path + message} class="fault">
              {path && <code>{path}</code>} {message}
            </li>
          ))}
        </ul>
        <div class="row">
          <button type="button" class="primary" aria-busy={isChecking} onClick={() => void use()}>
            {isChecking ? words().checking : words().useSpec}
          </button>
          <CopyButton task="json" icon="copy" label={words().copyJson} act={copy} />
        </div>
      </div>
    </Dialog>
  );
}

function writtenSpec(): string {
  const spec = toSpec(draft.value, table.value);
  return jsonText(Array.isArray(spec) ? (draft.value.pasted ?? {}) : spec);
}

/** Return a spec that the server draws, else what is wrong with it; offline it is taken as it is. */
async function checked(text: string, signal: AbortSignal): Promise<object | Fault[] | "aborted"> {
  const spec = parsed(text);
  if (Array.isArray(spec)) return spec;
  try {
    release(await draw(spec, "png", signal));
    return spec;
  } catch (error) {
    if (signal.aborted) return "aborted";
    // What takes long was read and found good; the bench joins its job.
    if (error instanceof Deferred) return spec;
    if (error instanceof Problem && error.kind === "offline") return spec;
    if (error instanceof Problem && error.faults.length > 0) return [...error.faults];
    return [{ path: "", message: reasonOf(error) }];
  }
}

function parsed(text: string): object | Fault[] {
  const line = faultyLine(text);
  if (line !== null) return [{ path: "", message: words().notJson(String(line)) }];
  const spec: unknown = parseOrdered(text);
  const isObject = typeof spec === "object" && spec !== null && !Array.isArray(spec);
  return isObject ? spec : [{ path: "", message: words().notObject }];
}

function putOnBench(spec: Record<string, unknown>): void {
  change("json", fromSpec(spec));
  notify(words().used, { label: shellWords().undo, act: undo });
}
