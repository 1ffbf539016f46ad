/** Text with separators becomes rows of cells. */

import Papa from "papaparse";
import type { Separator } from "../shared/table";
import { looksLikeDate } from "./dates";
import { isGap } from "./gaps";
import { readNumber } from "./numbers";

/** In the order of preference where two part a text equally well. */
const SEPARATORS: readonly Separator[] = ["\t", ";", "|", ","];
/** Lines that are looked at before the separator is settled. */
const FIRST_LINES = 50;

/** Part a text into rows; rows without any value are left out. */
export function rowsOf(text: string, separator: Separator): string[][] {
  const { data } = Papa.parse<string[]>(text, { delimiter: separator, skipEmptyLines: "greedy" });
  return data;
}

/**
 * Find the separator: the one that parts the first lines into the same number of cells.
 *
 * Where none does, the text is one column, and the separator one that it does not hold.
 */
export function findSeparator(text: string): Separator {
  const head = text.split(/\r?\n/, FIRST_LINES).join("\n");
  let best: Separator = "\t";
  let most = 0;
  for (const separator of SEPARATORS) {
    if (!head.includes(separator)) continue;
    const score = evenness(rowsOf(head, separator));
    if (score > most) [best, most] = [separator, score];
  }
  return most > 0 ? best : (SEPARATORS.find((separator) => !text.includes(separator)) ?? ",");
}

/** Return how evenly rows are parted: the part that has as many cells as most, weighed by cells. */
function evenness(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  const [cells = 1, times = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const headed = (rows[0]?.length ?? 1) > 1;
  return cells > 1 && headed ? (times / rows.length) ** 2 * (1 + cells / 100) : 0;
}

/** Tell whether the first row names the columns: it holds no values where others do. */
export function findHeader(rows: readonly string[][]): boolean {
  const [first = [], ...rest] = rows;
  if (rest.length === 0) return false;
  const values = first.filter(isValue);
  if (values.length === 0) return true;
  return values.every((cell) => /^(?:1[5-9]|20)\d\d$/.test(cell.trim())) && areNames(first, rest);
}

/** Tell whether years name columns: each once, beside a name, over other values. */
function areNames(first: readonly string[], rest: readonly string[][]): boolean {
  if (new Set(first).size < first.length || first.every(isValue)) return false;
  return rest.some((row) => row.some((cell, at) => isValue(cell) && cell !== first[at]));
}

function isValue(cell: string): boolean {
  const trimmed = cell.trim();
  if (isGap(trimmed)) return false;
  return (
    readNumber(trimmed, ".") !== null || readNumber(trimmed, ",") !== null || looksLikeDate(trimmed)
  );
}
