import { useEffect, useState } from "preact/hooks";
import { draft } from "../../charts/current";
import { give } from "../../charts/reading";
import { bytes } from "../../language/formats";
import { words } from "../words";
import { takeText } from "./taking";

/** Characters up to which a text area stays quick. */
const MOST = 200_000;
/** Milliseconds without a key after which the text is read. */
const STILL = 300;

/** The data as text: what is typed is read a moment later. */
export function TextEditor() {
  const given = draft.value.source.text;
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  useEffect(() => {
    if (text === given) return;
    const wait = setTimeout(() => give(text, { typed: true }), STILL);
    return () => clearTimeout(wait);
  }, [text]);
  if (given.length > MOST) return <p class="quiet">{words().tooLong(bytes(given.length))}</p>;
  return (
    <textarea
      class="data-text"
      rows={10}
      spellcheck={false}
      aria-label={words().tableLabel}
      value={text}
      onInput={({ currentTarget }) => setText(currentTarget.value)}
      onPaste={(event) => {
        const pasted = event.clipboardData?.getData("text/plain") ?? "";
        if (!isAllSelected(event.currentTarget)) return;
        event.preventDefault();
        void takeText(pasted);
      }}
    />
  );
}

/** Tell whether what is pasted takes the place of everything: it is other data then. */
function isAllSelected({ selectionStart, selectionEnd, value }: HTMLTextAreaElement): boolean {
  return selectionStart === 0 && selectionEnd === value.length;
}
