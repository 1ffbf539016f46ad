/** What is wrong with a text, each fault at its range. */

import { type Schema as Contract, type OutputUnit, Validator } from "@cfworker/json-schema";
import type { Diagnostic } from "@codemirror/lint";
import {
  memberAt,
  type Node,
  NotJson,
  nodeAt,
  type Path,
  rangeOf,
  readTree,
} from "../../../shared/json_tree";
import type { Fault } from "../../http/problems";
import { readPath } from "../document/paths";
import type { Words } from "../en";
import { listedValues, type Schema, schemaAt, typesOf } from "./schema";

type FaultWords = Words["json"]["faults"];

/** Return every fault: what the server says of this text, else what the schema says meanwhile. */
export function diagnose(
  text: string,
  server: readonly Fault[] | null,
  contract: Schema | null,
  words: FaultWords,
): Diagnostic[] {
  try {
    const root = readTree(text);
    if (server) return server.map((fault) => said(root, contract, fault));
    return contract ? bySchema(root, contract, words) : [];
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    const from = Math.min(error.at, Math.max(text.length - 1, 0));
    return [
      { from, to: Math.min(from + 1, text.length), severity: "error", message: words.syntax },
    ];
  }
}

/** Return the faults of a value by the schema, one for each place. */
export function bySchema(root: Node, contract: Schema, words: FaultWords): Diagnostic[] {
  const found = new Validator(contract as Contract, "2020-12", false).validate(root.value);
  const places = deepest(found.errors);
  return places.map((path) =>
    diagnostic(root, contract, path, explained(root, contract, path, words)),
  );
}

/** Return the places of faults, less those that only pass on what is wrong below them. */
function deepest(errors: readonly OutputUnit[]): Path[] {
  const texts = [...new Set(errors.map((error) => error.instanceLocation))];
  return texts
    .filter((text) => !texts.some((other) => other.startsWith(`${text}/`)))
    .map((text) => text.split("/").slice(1).map(partOf));
}

function partOf(text: string): string | number {
  const name = decodeURIComponent(text).replaceAll("~1", "/").replaceAll("~0", "~");
  return /^\d+$/.test(name) ? Number(name) : name;
}

function explained(root: Node, contract: Schema, path: Path, words: FaultWords): string {
  const part = schemaAt(contract, path);
  if (!part) return words.unknown(String(path.at(-1)));
  const value = nodeAt(root, path)?.value;
  const values = listedValues(part);
  const types = typesOf(part);
  if (
    !types.includes(typeName(value)) &&
    !(typeName(value) === "integer" && types.includes("number"))
  ) {
    if (values.length) return words.choice(values.join(", "));
    return words.type(types.map((type) => words.types[type] ?? type).join(", "));
  }
  return ofBounds([part, ...(part.anyOf ?? [])], value, words) ?? words.other;
}

function ofBounds(parts: readonly Schema[], value: unknown, words: FaultWords): string | null {
  for (const part of parts) {
    const { minimum, maximum, minItems, maxItems, maxLength } = part;
    if (typeof value === "number" && minimum !== undefined && value < minimum)
      return words.least(String(minimum));
    if (typeof value === "number" && maximum !== undefined && value > maximum)
      return words.most(String(maximum));
    if (Array.isArray(value) && minItems !== undefined && value.length < minItems)
      return words.few(String(minItems));
    if (Array.isArray(value) && maxItems !== undefined && value.length > maxItems)
      return words.many(String(maxItems));
    if (typeof value === "string" && maxLength !== undefined && value.length > maxLength)
      return words.long(String(maxLength));
  }
  const values = parts.flatMap(listedValues);
  return values.length ? words.choice([...new Set(values)].join(", ")) : null;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

function said(root: Node, contract: Schema | null, { path, message }: Fault): Diagnostic {
  return diagnostic(root, contract, readPath(path), message);
}

/** Mark a value; a member that nobody knows by its name. */
function diagnostic(root: Node, contract: Schema | null, path: Path, message: string): Diagnostic {
  const unknown = contract && !schemaAt(contract, path) ? memberAt(root, path) : null;
  return { ...(unknown?.key ?? rangeOf(root, path)), severity: "error", message };
}
