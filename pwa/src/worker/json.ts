/** JSON becomes columns: records, columns by name, rows, or one of these in an answer's member. */

import { namesOf, parseOrdered } from "../shared/ordered_json";
import type { ReadingFault } from "../shared/table";
import type { RawColumn } from "./columns";
import { letterOf, uniqueNames } from "./names";

/** A text that holds no table. */
export class Unreadable extends Error {
  readonly fault: ReadingFault;

  constructor(kind: ReadingFault["kind"], detail = "") {
    super(detail);
    this.fault = { kind, detail };
  }
}

/** Tell whether a text is meant as JSON. */
export function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** Read the columns of a JSON text; throws `Unreadable`. */
export function jsonColumns(text: string): RawColumn[] {
  const columns = columnsOf(parsed(text));
  if (!columns) throw new Unreadable("shape");
  const names = uniqueNames(columns.map(([name]) => name));
  return columns.map(([, values], at) => raw(names[at] ?? "", values));
}

function parsed(text: string): unknown {
  try {
    return parseOrdered(text);
  } catch (error) {
    throw new Unreadable("json", error instanceof Error ? error.message : "");
  }
}

type Named = [name: string, values: readonly unknown[]];

function columnsOf(value: unknown): Named[] | null {
  if (Array.isArray(value)) return listed(value);
  if (!isObject(value)) return null;
  const members = namesOf(value).map((name): [string, unknown] => [name, value[name]]);
  if (members.length > 0 && members.every(([, values]) => isColumn(values))) {
    return padded(members as Named[]);
  }
  const inner = members.map(([, member]) => member).find((member) => isTable(member));
  return inner === undefined ? null : columnsOf(inner);
}

function isTable(member: unknown): boolean {
  if (Array.isArray(member)) return isObject(member[0]) || Array.isArray(member[0]);
  return (
    isObject(member) && Object.values(member).every(isColumn) && Object.keys(member).length > 0
  );
}

function listed(rows: readonly unknown[]): Named[] | null {
  if (rows.length === 0) return null;
  if (rows.every(isObject)) return records(rows);
  if (rows.every(Array.isArray)) return matrix(rows);
  return isColumn(rows) ? [[letterOf(0), rows]] : null;
}

function records(rows: readonly Record<string, unknown>[]): Named[] {
  const names = [...new Set(rows.flatMap((row) => namesOf(row)))];
  return names.map((name) => [name, rows.map((row) => row[name] ?? null)]);
}

function matrix(rows: readonly unknown[][]): Named[] {
  const [first = [], ...rest] = rows;
  const headed = first.every((cell) => typeof cell === "string") && rest.length > 0;
  const body = headed ? rest : rows;
  const width = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, at) => [
    headed ? String(first[at] ?? "") : "",
    body.map((row) => row[at] ?? null),
  ]);
}

function padded(columns: readonly Named[]): Named[] {
  const rows = Math.max(...columns.map(([, values]) => values.length));
  return columns.map(([name, values]) => [
    name,
    Array.from({ length: rows }, (_, at) => values[at] ?? null),
  ]);
}

function raw(name: string, values: readonly unknown[]): RawColumn {
  const named = values.every((value) => value === null || typeof value === "string");
  return { name, named, cells: values.map(cellOf) };
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isColumn(values: unknown): values is unknown[] {
  return (
    Array.isArray(values) && values.every((value) => typeof value !== "object" || value === null)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
