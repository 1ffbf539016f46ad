/** A spec as text that people edit. */

import { NotJson, readTree } from "../../../shared/json_tree";

/** Characters of a line within which a list stays on it. */
const LINE = 76;

/** Write a spec with one member in a line, but short lists and objects as they are. */
export function jsonText(value: unknown, indent = ""): string {
  const short = spaced(value);
  if (indent.length + short.length <= LINE || typeof value !== "object" || value === null) {
    return short;
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => jsonText(item, inner));
    return `[\n${lines(items, inner)}\n${indent}]`;
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${inner}${JSON.stringify(name)}: ${jsonText(member, inner)}`);
  return `{\n${members.join(",\n")}\n${indent}}`;
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`).join(", ")}}`;
}

/** Short items share lines, long ones have their own. */
function lines(items: readonly string[], indent: string): string {
  const written: string[] = [];
  let line = "";
  for (const item of items) {
    const joined = line === "" ? item : `${line}, ${item}`;
    const fits = indent.length + joined.length <= LINE && !joined.includes("\n");
    if (line !== "" && !fits) written.push(`${indent}${line}`);
    line = line === "" || fits ? joined : item;
  }
  return [...written, `${indent}${line}`].join(",\n");
}

/** Return the line, from 1, in which a text stops being JSON; null for one that is JSON. */
export function faultyLine(text: string): number | null {
  try {
    readTree(text);
    return null;
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return text.slice(0, error.at).split("\n").length;
  }
}
