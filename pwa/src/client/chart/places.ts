/** Paths of the server's faults, as places of the form. */

import { draft } from "../charts/current";
import { seriesNames } from "../charts/spec";
import { number } from "../language/formats";
import { words } from "./words";

const SERIES = /^series\[(\d+)\](?:\.(\w+))?/;
const DATA = /^data\.([^[]+)(?:\[(\d+)\])?/;

/** Return where a fault lies: `series[1].y` is the name of the second column that is drawn. */
export function placeInWords(path: string): string {
  const series = SERIES.exec(path);
  if (series) return seriesNames(draft.value)[Number(series[1])] ?? path;
  const [, column, row] = DATA.exec(path) ?? [];
  if (column) return row === undefined ? column : words().cell(column, number(Number(row) + 1, 0));
  const [first = ""] = path.split(/[.[]/);
  const part = words().roles[first as keyof ReturnType<typeof words>["roles"]];
  return part ?? path;
}
