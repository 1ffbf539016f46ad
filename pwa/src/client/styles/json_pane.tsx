import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { desk, edit, list } from "./desk";
import type { JsonEditor } from "./editor/editor";
import { serverFaults } from "./faults";
import { mayWrite } from "./permission";
import { words } from "./words";

/** The document as text, in an editor that is fetched when it is first needed. */
export function JsonPane() {
  const host = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"loading" | "ready" | "unavailable">("loading");
  const labels = words().json;
  useEffect(() => {
    if (!host.current) return;
    const leaving = new AbortController();
    mount(host.current, leaving.signal).then(
      () => setState("ready"),
      (error: unknown) => {
        console.warn("no JSON editor", error);
        setState("unavailable");
      },
    );
    return () => leaving.abort();
  }, []);
  return (
    <section class="styles-json" aria-label={words().panes.json}>
      {state === "loading" && <p class="quiet">{labels.loading}</p>}
      {state === "unavailable" && <Plain />}
      <div class="styles-code" ref={host} hidden={state === "unavailable"} />
      <p class="quiet styles-keys">{state === "unavailable" ? labels.unavailable : labels.keys}</p>
    </section>
  );
}

/** A plain field for when the editor's script cannot be fetched. */
function Plain() {
  return (
    <textarea
      class="styles-plain"
      aria-label={words().json.label}
      spellcheck={false}
      readOnly={!mayWrite()}
      value={desk.value?.text ?? ""}
      onInput={(event) => edit("json", event.currentTarget.value)}
    />
  );
}

/** Put an editor into an element and keep both in step until `leaving` says so. */
async function mount(host: HTMLElement, leaving: AbortSignal): Promise<void> {
  const { createEditor } = await import("./editor/editor");
  if (leaving.aborted) return;
  const editor = createEditor(host, {
    text: desk.value?.text ?? "",
    words: words().json,
    styles: () => list.value?.styles.map((style) => style.name) ?? [],
    onText: (text) => edit("json", text),
    readOnly: !mayWrite(),
  });
  const stops = [effect(() => editor.show(desk.value?.text ?? "")), effect(() => judge(editor))];
  leaving.addEventListener("abort", () => {
    for (const stop of stops) stop();
    editor.destroy();
  });
}

function judge(editor: JsonEditor): void {
  editor.judge(serverFaults.value);
}
