import { CompletionContext } from "@codemirror/autocomplete";
import { json } from "@codemirror/lang-json";
import { EditorState, type TransactionSpec } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { describe, expect, it } from "vitest";
import { completions } from "../../src/client/styles/editor/completion";
import type { Schema } from "../../src/client/styles/editor/schema";

const SCHEMA: Schema = {
  type: "object",
  properties: {
    extends: { type: ["string", "null"] },
    title: {
      type: ["object", "null"],
      properties: {
        color: { type: ["string", "null"] },
        loc: { enum: ["left", "right"] },
      },
    },
    palette: { type: ["array", "null"], items: { type: "string" } },
    legend: { type: "object", properties: { frameon: { type: ["boolean", "null"] } } },
  },
};

/** Complete a text at its `|`. */
function completed(text: string) {
  const pos = text.indexOf("|");
  const state = EditorState.create({ doc: text.replace("|", ""), extensions: [json()] });
  return completions(new CompletionContext(state, pos, true), SCHEMA, ["dark", "print"]);
}

function labels(text: string): string[] {
  return (completed(text)?.options ?? []).map((option) => option.displayLabel ?? option.label);
}

describe("completion", () => {
  it.each([
    ["{|}", ["extends", "title", "palette", "legend"]],
    ['{"|"}', ["extends", "title", "palette", "legend"]],
    ['{"title": {"color": "red"}, |}', ["extends", "palette", "legend"]],
    ['{"title": {"lo|"}}', ["color", "loc"]],
    ['{"title": {"loc": |}}', ["left", "right"]],
    ['{"title": {"loc": "|"}}', ["left", "right"]],
    ['{"extends": "|"}', ["dark", "print"]],
    ['{"extends": |}', ["dark", "print"]],
    ['{"legend": {"frameon": |}}', ["true", "false"]],
    ['{"unknown": {|}}', []],
  ])("%s", (text, wanted) => {
    expect(labels(text)).toEqual(wanted);
  });

  it("knows CSS's colours", () => {
    expect(labels('{"title": {"color": "|"}}')).toContain("rebeccapurple");
    expect(labels('{"palette": ["red", |]}')).toContain("rebeccapurple");
    expect(labels('{"palette": ["|"]}')).toContain("rebeccapurple");
  });

  it.each([
    ['{"title": {"loc": "le|"}}', "left", '{"title": {"loc": "left"}}'],
    ['{"extends": "|"}', "dark", '{"extends": "dark"}'],
    ["{|}", "title", '{"title": {}}'],
    ['{"ti|": {}}', "title", '{"title": {}}'],
    ['{"title": {"c|"}}', "color", '{"title": {"color": }}'],
  ])("in %s of %s yields %s", (text, name, wanted) => {
    expect(picked(text, name)).toBe(wanted);
  });
});

/** Pick an option, as the editor does. */
function picked(text: string, name: string): string {
  const found = completed(text);
  const option = found?.options.find((one) => one.displayLabel === name);
  let state = EditorState.create({ doc: text.replace("|", "") });
  const view = {
    get state() {
      return state;
    },
    dispatch: (change: TransactionSpec) => {
      state = state.update(change).state;
    },
  } as EditorView;
  if (found && typeof option?.apply === "function") {
    option.apply(view, option, found.from, text.indexOf("|"));
  }
  return state.doc.toString();
}
