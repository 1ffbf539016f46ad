/** Changes of single members in the text of a document: whatever else it says stays as it is spelt. */

import {
  type Json,
  type Member,
  memberAt,
  type Node,
  nodeAt,
  type Path,
  readTree,
} from "../../../shared/json_tree";

const INDENT = "  ";

/** Return the text with a member set, or without it where `value` is undefined; throws `NotJson`. */
export function setMember(text: string, path: Path, value: Json | undefined): string {
  const root = readTree(text);
  if (value === undefined) return removed(text, root, path);
  const present = nodeAt(root, path);
  if (present) return spliced(text, present.from, present.to, written(value, path.length));
  return added(text, root, path, value);
}

/** Write a document as people do: objects over lines, lists in one. */
export function written(value: Json, level = 0): string {
  if (Array.isArray(value)) return `[${value.map((item) => written(item, level)).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) =>
      `${indent(level + 1)}${JSON.stringify(name)}: ${written(member, level + 1)}`,
  );
  return members.length ? `{\n${members.join(",\n")}\n${indent(level)}}` : "{}";
}

function added(text: string, root: Node, path: Path, value: Json): string {
  const depth = deepest(root, path);
  const parent = nodeAt(root, path.slice(0, depth)) ?? root;
  const [name, ...below] = path.slice(depth);
  const nested = below.reduceRight<Json>((inner, part) => ({ [part]: inner }), value);
  const isObject = parent.value !== null && typeof parent.value === "object";
  if (!isObject || Array.isArray(parent.value)) {
    return spliced(text, parent.from, parent.to, written({ [name ?? ""]: nested }, depth));
  }
  return inserted(text, parent, `${JSON.stringify(name)}: ${written(nested, depth + 1)}`, depth);
}

/** Return how much of a path is there. */
function deepest(root: Node, path: Path): number {
  let depth = path.length - 1;
  while (depth > 0 && !nodeAt(root, path.slice(0, depth))) depth--;
  return depth;
}

function inserted(text: string, parent: Node, member: string, depth: number): string {
  const last = parent.members.at(-1);
  if (!last) {
    const lines = `{\n${indent(depth + 1)}${member}\n${indent(depth)}}`;
    return spliced(text, parent.from, parent.to, lines);
  }
  const space = leading(text, last);
  return spliced(
    text,
    last.node.to,
    last.node.to,
    `,${space.includes("\n") ? space : " "}${member}`,
  );
}

/** Return the white space before a member. */
function leading(text: string, member: Member): string {
  return /[ \t\r\n]*$/.exec(text.slice(0, member.key.from))?.[0] ?? "";
}

function removed(text: string, root: Node, path: Path): string {
  const parent = nodeAt(root, path.slice(0, -1));
  const gone = memberAt(root, path);
  if (!parent || !gone) return text;
  const left = parent.members.filter((member) => member.name !== gone.name);
  // A section that says nothing is no section.
  if (!left.length && path.length > 1) return removed(text, root, path.slice(0, -1));
  if (!left.length) return spliced(text, parent.from, parent.to, "{}");
  const index = parent.members.indexOf(gone);
  const next = parent.members[index + 1];
  const before = parent.members[index - 1];
  if (before) return spliced(text, before.node.to, gone.node.to, "");
  return next ? spliced(text, gone.key.from, next.key.from, "") : text;
}

function spliced(text: string, from: number, to: number, put: string): string {
  return text.slice(0, from) + put + text.slice(to);
}

function indent(level: number): string {
  return INDENT.repeat(level);
}
