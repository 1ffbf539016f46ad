import { useEffect, useState } from "preact/hooks";
import { draft } from "../../charts/current";
import { bytes } from "../../language/formats";
import { words } from "../words";
import { editing, takeText, typeText } from "./taking";

/** Characters up to which a text area stays quick. */
const MOST = 200_000;
/** Milliseconds without a key after which the text is read. */
const STILL = 300;

/** The data as text: what is typed is read a moment later, what is pasted at once. */
export function TextEditor({ isBlank }: { isBlank: boolean }) {
  const given = draft.value.source.text;
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  useEffect(() => {
    if (text === given) return;
    const wait = setTimeout(() => void typeText(text), STILL);
    return () => clearTimeout(wait);
  }, [text]);
  if (given.length > MOST) return <p class="quiet">{words().tooLong(bytes(given.length))}</p>;
  return (
    <label class="field">
      <span class="label">{words().paste}</span>
      <textarea
        class="data-text"
        rows={isBlank ? 5 : 10}
        spellcheck={false}
        placeholder={words().pasteExample}
        aria-describedby="paste-hint"
        value={text}
        onInput={({ currentTarget }) => {
          editing.value = true;
          setText(currentTarget.value);
        }}
        onPaste={pasteWhole}
      />
      <span class="hint" id="paste-hint">
        {words().pasteHint}
      </span>
    </label>
  );
}

/** What is pasted in the place of everything is other data, and no longer being written. */
function pasteWhole(event: ClipboardEvent & { currentTarget: HTMLTextAreaElement }): void {
  const { selectionStart, selectionEnd, value } = event.currentTarget;
  const pasted = event.clipboardData?.getData("text/plain") ?? "";
  if (selectionStart !== 0 || selectionEnd !== value.length || !pasted.includes("\n")) return;
  event.preventDefault();
  editing.value = false;
  void takeText(pasted);
}
