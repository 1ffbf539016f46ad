/**
 * The JSON editor: CodeMirror in a shadow root.
 *
 * The page's policy forbids `<style>` elements, which CodeMirror makes in a document; in a shadow
 * root it adopts style sheets instead. Custom properties reach into it, so that it takes the theme.
 */

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { indentWithTab, standardKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { forceLinting, linter, lintGutter, lintKeymap } from "@codemirror/lint";
import { Annotation, EditorState, StateEffect } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import type { Fault } from "../../http/problems";
import type { Words } from "../en";
import { completions } from "./completion";
import { contract, loadContract } from "./contract";
import { diagnose } from "./diagnosis";
import { highlighting, theme } from "./paper";

export interface JsonEditor {
  /** Show a text; what is equal stays untouched, the cursor too. */
  show(text: string): void;
  /** Show what the server says of the text as it is; null while it has not spoken. */
  judge(faults: readonly Fault[] | null): void;
  destroy(): void;
}

interface Options {
  text: string;
  words: Words["json"];
  /** Names that `extends` may take. */
  styles: () => readonly string[];
  onText: (text: string) => void;
  /** Whether the text is only to be read. */
  readOnly: boolean;
}

/** Changes that come from outside are not told back. */
const fromOutside = Annotation.define<boolean>();
/** Something else is known of the same text. */
const judged = StateEffect.define<null>();

/** Put an editor into an element. */
export function createEditor(host: HTMLElement, options: Options): JsonEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  let faults: readonly Fault[] | null = null;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        extensions(options),
        linter(
          (one) => diagnose(one.state.doc.toString(), faults, contract(), options.words.faults),
          {
            delay: 150,
            needsRefresh: ({ transactions }) =>
              transactions.some(({ effects }) => effects.some((effect) => effect.is(judged))),
          },
        ),
      ],
    }),
  });
  const lintAnew = () => {
    view.dispatch({ effects: judged.of(null) });
    forceLinting(view);
  };
  void loadContract().then(lintAnew);
  return {
    show: (text) => showText(view, text),
    judge: (said) => {
      if (faults === said) return;
      faults = said;
      lintAnew();
    },
    destroy: () => view.destroy(),
  };
}

function extensions({ words, styles, onText, readOnly }: Options) {
  return [
    EditorState.readOnly.of(readOnly),
    lineNumbers(),
    lintGutter(),
    highlightActiveLine(),
    indentOnInput(),
    indentUnit.of("  "),
    bracketMatching(),
    closeBrackets(),
    json(),
    syntaxHighlighting(highlighting),
    autocompletion({
      override: [(context) => completions(context, contract(), styles())],
      icons: false,
    }),
    // Tab indents; Escape, then Tab leaves: the editor is no trap for the keyboard.
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...standardKeymap,
      indentWithTab,
    ]),
    EditorView.lineWrapping,
    // What scrolls must take the focus; that it can be edited is not enough for every browser.
    EditorView.contentAttributes.of({ "aria-label": words.label, tabindex: "0" }),
    EditorView.updateListener.of((update) => {
      const outside = update.transactions.some((one) => one.annotation(fromOutside));
      if (update.docChanged && !outside) onText(update.state.doc.toString());
    }),
    EditorView.domEventHandlers({ beforeinput: typeOver }),
    theme,
  ];
}

/**
 * Take typing over a selection before the browser does: it would keep the look of what is replaced
 * by inline styles, which the page's policy refuses.
 */
function typeOver(event: InputEvent, view: EditorView): boolean {
  const text = event.data;
  const { from, to, empty } = view.state.selection.main;
  if (event.inputType !== "insertText" || !text || empty || view.composing) return false;
  const typed = () =>
    view.state.update(view.state.replaceSelection(text), { userEvent: "input.type" });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handle) => handle(view, from, to, text, typed))) view.dispatch(typed());
  return true;
}

/** Replace what differs between the texts. */
function showText(view: EditorView, text: string): void {
  const now = view.state.doc.toString();
  if (now === text) return;
  let from = 0;
  while (from < now.length && now[from] === text[from]) from++;
  let end = 0;
  const most = Math.min(now.length, text.length) - from;
  while (end < most && now[now.length - 1 - end] === text[text.length - 1 - end]) end++;
  view.dispatch({
    changes: { from, to: now.length - end, insert: text.slice(from, text.length - end) },
    annotations: fromOutside.of(true),
  });
}
