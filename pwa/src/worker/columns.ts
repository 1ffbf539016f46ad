/** Cells become a column of one type. */

import type {
  Cell,
  Column,
  ColumnType,
  DateOrder,
  DecimalMark,
  Misfit,
  Unit,
} from "../shared/table";
import { readDate } from "./dates";
import { isGap } from "./gaps";
import { isCode, readNumber, unitOf } from "./numbers";

/** Of the cells that are no gaps, this part must fit for a type to be found. */
const ENOUGH = 0.8;
/** Cells that are looked at before a type is settled. */
const SAMPLE = 2_000;
/** Misfits whose place is told. */
const PLACES = 5;

/** How cells are read. */
export interface Marks {
  decimal: DecimalMark;
  dates: DateOrder;
}

/** One column before it is read. */
export interface RawColumn {
  name: string;
  cells: readonly string[];
  /** Its values were texts in JSON: figures among them are names. */
  named?: boolean;
}

/** Read a column as the type asked for, else as the one that is found. */
export function readColumn(raw: RawColumn, forced: ColumnType | undefined, marks: Marks): Column {
  const detected = findType(raw, marks);
  const type = forced ?? detected;
  const read = type === "text" ? texts(raw.cells) : fitted(raw.cells, reader(type, marks));
  const unit = type === "number" ? commonUnit(raw.cells) : undefined;
  return { name: raw.name, type, detected, ...read, ...(unit && { unit }) };
}

/** Return every so many-eth of a list: `SAMPLE` of them at most. */
export function sample(cells: readonly string[]): string[] {
  const step = Math.ceil(cells.length / SAMPLE);
  const taken: string[] = [];
  for (let at = 0; at < cells.length; at += step) taken.push((cells[at] ?? "").trim());
  return taken;
}

function findType({ cells, named }: RawColumn, marks: Marks): ColumnType {
  const given = sample(cells).filter((cell) => !isGap(cell));
  if (given.length === 0) return "text";
  const fits = (read: (cell: string) => Cell) =>
    given.filter((cell) => read(cell) !== null).length >= ENOUGH * given.length;
  if (!named && !given.some(isCode) && fits(reader("number", marks))) return "number";
  return fits(reader("date", marks)) ? "date" : "text";
}

function reader(type: "number" | "date", { decimal, dates }: Marks): (cell: string) => Cell {
  return type === "number" ? (cell) => readNumber(cell, decimal) : (cell) => readDate(cell, dates);
}

function texts(cells: readonly string[]): Pick<Column, "values" | "misfits"> {
  return { values: cells.map((cell) => (cell === "" ? null : cell)), misfits: 0 };
}

function fitted(
  cells: readonly string[],
  read: (cell: string) => Cell,
): Pick<Column, "values" | "misfits" | "places"> {
  const places: Misfit[] = [];
  let misfits = 0;
  const values = cells.map((cell, index) => {
    const trimmed = cell.trim();
    const value = read(trimmed);
    if (value !== null || isGap(trimmed)) return value;
    misfits += 1;
    if (places.length < PLACES) places.push({ row: index + 1, text: trimmed });
    return null;
  });
  return misfits ? { values, misfits, places } : { values, misfits };
}

/** Return the unit that all numbers share. */
function commonUnit(cells: readonly string[]): Unit | undefined {
  const given = sample(cells).filter((cell) => !isGap(cell));
  const first = unitOf(given[0] ?? "");
  if (!first) return undefined;
  const shared = given.every((cell) => {
    const unit = unitOf(cell);
    return unit?.prefix === first.prefix && unit?.suffix === first.suffix;
  });
  return shared ? first : undefined;
}
