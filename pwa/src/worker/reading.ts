/** A text becomes a table. */

import type { Separator, Source, Table } from "../shared/table";
import { type Marks, type RawColumn, readColumn, sample } from "./columns";
import { findOrder } from "./dates";
import { isJson, jsonColumns, Unreadable } from "./json";
import { findHeader, findSeparator, rowsOf } from "./lines";
import { uniqueNames } from "./names";
import { findDecimal } from "./numbers";

/** Read a text as it says itself, less what was chosen; throws `Unreadable`. */
export function readTable(source: Source): Table {
  const text = source.text.replace(/^\ufeff/, "");
  return isJson(text) ? jsonTable(text, source) : plainTable(text, source);
}

function jsonTable(text: string, source: Source): Table {
  const raw = jsonColumns(text);
  const dates = source.dates ?? findOrder(cellsOf(raw));
  const table = typed(raw, source, { decimal: source.decimal ?? ".", dates });
  return { ...table, separator: ",", header: true, json: true };
}

function plainTable(text: string, source: Source): Table {
  const separator: Separator = source.separator ?? findSeparator(text);
  const rows = withoutBlankEdge(rowsOf(text, separator));
  if (rows.length === 0) throw new Unreadable("empty");
  const header = source.header ?? findHeader(rows.slice(0, 50));
  const raw = columnsFrom(rows, header);
  const decimal = source.decimal ?? findDecimal(cellsOf(raw), separator);
  const dates = source.dates ?? findOrder(cellsOf(raw));
  return { ...typed(raw, source, { decimal, dates }), separator, header };
}

function typed(raw: readonly RawColumn[], source: Source, marks: Marks) {
  const columns = raw.map((column) => readColumn(column, source.types[column.name], marks));
  return { columns, rows: columns[0]?.values.length ?? 0, ...marks };
}

function columnsFrom(rows: readonly string[][], header: boolean): RawColumn[] {
  const body = header ? rows.slice(1) : rows;
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const given = Array.from({ length: width }, (_, at) => (header ? (rows[0]?.[at] ?? "") : ""));
  return uniqueNames(given).map((name, at) => ({
    name,
    cells: body.map((row) => (row[at] ?? "").trim()),
  }));
}

/** Drop columns at the right that hold nothing at all: lines that end in a separator. */
function withoutBlankEdge(rows: string[][]): string[][] {
  const filled = (row: readonly string[]) => row.findLastIndex((cell) => cell.trim() !== "") + 1;
  const width = rows.reduce((widest, row) => Math.max(widest, filled(row)), 0);
  return rows.map((row) => (row.length > width ? row.slice(0, width) : row));
}

function* cellsOf(columns: readonly RawColumn[]): Iterable<string> {
  for (const column of columns) if (!column.named) yield* sample(column.cells);
  for (const column of columns) if (column.named) yield* sample(column.cells);
}
