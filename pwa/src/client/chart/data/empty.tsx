import { useState } from "preact/hooks";
import { words } from "../words";
import { FileButton } from "./file_button";
import { SampleList } from "./sample_list";
import { takeText } from "./taking";

/** Nothing yet: paste, type, choose, or begin with a sample. */
export function EmptyData() {
  const [text, setText] = useState("");
  return (
    <>
      <label class="field">
        <span class="label">{words().paste}</span>
        <textarea
          class="data-text"
          rows={5}
          spellcheck={false}
          placeholder={words().pasteExample}
          aria-describedby="paste-hint"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData?.getData("text/plain") ?? "";
            if (text !== "" || pasted.trim() === "") return;
            event.preventDefault();
            void takeText(pasted);
          }}
          onBlur={() => text.trim() && void takeText(text)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && text.trim())
              void takeText(text);
          }}
        />
        <span class="hint" id="paste-hint">
          {words().pasteHint}
        </span>
      </label>
      <div class="row">
        <FileButton label={words().chooseFile} />
        <span class="quiet data-drop">{words().orDrop}</span>
      </div>
      <SampleList />
    </>
  );
}
