/** How people write that there is no value. */
const GAPS = new Set([
  "",
  "na",
  "n/a",
  "#n/a",
  "nan",
  "null",
  "none",
  "-",
  "--",
  "–",
  "—",
  "..",
  "k. a.",
  "缺失",
  "无",
]);

/** Tell whether a trimmed cell of numbers or dates says that there is no value. */
export function isGap(cell: string): boolean {
  return cell.length < 6 && GAPS.has(cell.toLowerCase());
}
