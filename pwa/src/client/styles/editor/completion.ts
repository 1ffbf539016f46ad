/** What can stand at the cursor: members, values that the schema lists, colours, styles to extend. */

import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import { COLOR_NAMES } from "./color_names";
import { listedValues, type Schema, schemaAt, typesOf } from "./schema";

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>["resolveInner"]>;

/** Complete at the cursor; `styles` are the names that can be extended. */
export function completions(
  context: CompletionContext,
  contract: Schema | null,
  styles: readonly string[],
): CompletionResult | null {
  const word = context.matchBefore(/"?[\w#.-]*$/);
  if (!contract || !word || (word.from === word.to && !context.explicit)) return null;
  const place = placeAt(context.state, context.pos);
  const part = schemaAt(contract, place.path);
  if (!part) return null;
  const options = place.isKey ? keys(part, place) : values(part, place.path, styles);
  return { from: word.from, options: options.map(whole), validFor: /^"?[\w#.-]*$/ };
}

/** Let an option take the quotation mark behind the cursor with it: what is quoted is replaced whole. */
function whole(option: Completion): Completion {
  const text = typeof option.apply === "string" ? option.apply : option.label;
  const apply: Completion["apply"] = (view, picked, from, to) => {
    const quoted = view.state.sliceDoc(to, to + 1) === '"';
    view.dispatch({
      changes: { from, to: quoted ? to + 1 : to, insert: text },
      selection: { anchor: from + text.length - (text.endsWith("{}") ? 1 : 0) },
      annotations: pickedCompletion.of(picked),
      userEvent: "input.complete",
    });
  };
  return { ...option, apply };
}

interface Place {
  /** Of the object whose key is written, or of the value. */
  path: (string | number)[];
  isKey: boolean;
  /** Keys that are there already. */
  present: ReadonlySet<string>;
  /** Whether a value follows already. */
  hasValue: boolean;
}

function placeAt(state: EditorState, pos: number): Place {
  const inner = syntaxTree(state).resolveInner(pos, -1);
  const holder = ancestor(inner, ["Property", "Object", "Array"]);
  const property = holder?.name === "Property" ? holder : null;
  const colon = property ? state.sliceDoc(property.from, pos).includes(":") : false;
  if (property && colon) return value(state, pathOf(state, property));
  const object = property ? property.parent : holder;
  if (!object || object.name === "Array") return value(state, itemPath(state, object));
  const present = keysOf(state, object, property);
  const after = property?.getChild("PropertyName")?.nextSibling;
  const hasValue = after != null && !after.type.isError;
  return { path: pathOf(state, object), isKey: true, present, hasValue };
}

function value(_state: EditorState, path: (string | number)[]): Place {
  return { path, isKey: false, present: new Set(), hasValue: false };
}

function itemPath(state: EditorState, list: SyntaxNode | null): (string | number)[] {
  return list ? [...pathOf(state, list), 0] : [];
}

/** Return the path of a node: all items of a list have one schema, so that their index is 0. */
function pathOf(state: EditorState, node: SyntaxNode): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.name === "Property") path.unshift(keyOf(state, at));
    else if (at.parent?.name === "Array") path.unshift(0);
  }
  return path;
}

function keysOf(state: EditorState, object: SyntaxNode, but: SyntaxNode | null): Set<string> {
  const others = object.getChildren("Property").filter((one) => one.from !== but?.from);
  return new Set(others.map((one) => keyOf(state, one)));
}

function keyOf(state: EditorState, property: SyntaxNode): string {
  const name = property.getChild("PropertyName");
  return name ? state.sliceDoc(name.from, name.to).replaceAll('"', "") : "";
}

function ancestor(node: SyntaxNode, names: readonly string[]): SyntaxNode | null {
  let at: SyntaxNode | null = node;
  while (at && !names.includes(at.name)) at = at.parent;
  return at;
}

function keys(part: Schema, { present, hasValue }: Place): Completion[] {
  return Object.entries(part.properties ?? {})
    .filter(([name]) => !present.has(name))
    .map(([name, member]) => ({
      label: `"${name}"`,
      displayLabel: name,
      apply: hasValue ? `"${name}"` : `"${name}": ${opening(member)}`,
      ...(member.description ? { info: member.description } : {}),
    }));
}

/** Return what a member's value begins with. */
function opening(member: Schema): string {
  const types = typesOf(member);
  return types.length === 1 && types[0] === "object" ? "{}" : "";
}

function values(
  part: Schema,
  path: readonly (string | number)[],
  styles: readonly string[],
): Completion[] {
  const listed = listedValues(part).map((one) => option(JSON.stringify(one)));
  const flags = typesOf(part).includes("boolean") ? [option("true"), option("false")] : [];
  const colors = isColor(path) ? COLOR_NAMES.map((name) => option(`"${name}"`, -1)) : [];
  const names = path[0] === "extends" ? styles.map((name) => option(`"${name}"`)) : [];
  return [...listed, ...flags, ...names, ...colors];
}

function option(text: string, boost = 0): Completion {
  return { label: text, displayLabel: text.replaceAll('"', ""), boost };
}

function isColor(path: readonly (string | number)[]): boolean {
  const last = path.at(-1);
  return path[0] === "palette" || (typeof last === "string" && last.endsWith("color"));
}
