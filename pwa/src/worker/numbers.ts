/** Numbers as people write them: thousands marks, decimal commas, currencies, percent signs. */

import type { DecimalMark, Separator, Unit } from "../shared/table";

const CURRENCIES = "US\\$|€|\\$|£|¥|￥|₹|CHF|EUR|USD|GBP|CNY|RMB|JPY";
const MEASURES = "%|‰|°C|°F|℃|万元|亿元|元|万|亿";
const BLANKS = " \\u00a0\\u2009\\u202f";

/** 1 bracket, 2 and 4 signs, 3 currency, 5 digits with marks, 6 unit behind. */
const DRESSED = new RegExp(
  `^(\\()?([+\\-−])?\\s*(${CURRENCIES})?\\s*([+\\-−])?` +
    `((?:[\\d.,'’]|[${BLANKS}](?=\\d))*(?:[eE][+-]?\\d+)?)\\s*(${MEASURES}|${CURRENCIES})?(\\))?$`,
);

const PLAIN = /^-?\d+(?:\.\d+)?$/;
const FORMS: Record<DecimalMark, RegExp> = { ".": form(",", "\\."), ",": form("\\.", ",") };

function form(thousands: string, decimal: string): RegExp {
  const groups = [thousands, "['’]", `[${BLANKS}]`].map((mark) => `\\d{1,3}(?:${mark}\\d{3})+`);
  return new RegExp(
    `^(?=.*\\d)(?:${groups.join("|")}|\\d+)?(?:${decimal}\\d*)?(?:[eE][+-]?\\d+)?$`,
  );
}

/** A cell in its parts. */
interface Parts {
  negative: boolean;
  digits: string;
  unit: Unit;
}

/** Return the number that a trimmed cell writes; null where it writes none. */
export function readNumber(cell: string, decimal: DecimalMark): number | null {
  if (decimal === "." && PLAIN.test(cell)) return Number(cell);
  const parts = partsOf(cell);
  if (!parts || !FORMS[decimal].test(parts.digits)) return null;
  const drop = decimal === "." ? /[,'’\s]/g : /[.'’\s]/g;
  const value = Number(parts.digits.replace(drop, "").replace(",", "."));
  if (!Number.isFinite(value)) return null;
  return parts.negative ? -value : value;
}

/** Return what stands around the number in a cell; undefined where it is bare. */
export function unitOf(cell: string): Unit | undefined {
  const unit = partsOf(cell)?.unit;
  return unit && (unit.prefix || unit.suffix) ? unit : undefined;
}

/** Tell whether a cell is a code: digits that begin with a zero, as in `00451`. */
export function isCode(cell: string): boolean {
  return cell.length > 1 && cell.startsWith("0") && /^0\d+$/.test(cell);
}

/**
 * Find the decimal mark of a table: each cell that can be read in one way only is a vote.
 *
 * `1,234` alone says nothing; with semicolons between cells it has a decimal comma, else not.
 */
export function findDecimal(cells: Iterable<string>, separator: Separator): DecimalMark {
  let commas = 0;
  let points = 0;
  let doubtful = 0;
  for (const cell of cells) {
    const digits = partsOf(cell)?.digits;
    if (!digits) continue;
    const reads = ([",", "."] as const).filter((mark) => FORMS[mark].test(digits));
    if (reads.length === 2) doubtful += /,/.test(digits) ? 1 : 0;
    else if (reads[0] === ",") commas += 1;
    else if (reads[0] === ".") points += 1;
    if (/^0,\d/.test(digits)) commas += 1;
  }
  if (commas !== points) return commas > points ? "," : ".";
  return separator === ";" && doubtful > 0 ? "," : ".";
}

function partsOf(cell: string): Parts | null {
  const match = cell.length < 40 ? DRESSED.exec(cell) : null;
  if (!match) return null;
  const [, open, sign1, before, sign2, digits = "", behind, close] = match;
  if (!digits || !open !== !close || (sign1 && sign2)) return null;
  const sign = sign1 ?? sign2;
  return {
    negative: Boolean(open) || sign === "-" || sign === "−",
    digits,
    unit: unitWith(before, behind, cell),
  };
}

function unitWith(before: string | undefined, behind: string | undefined, cell: string): Unit {
  const unit: Unit = {};
  if (before) unit.prefix = before.length > 2 ? `${before} ` : before;
  if (behind) unit.suffix = /\s/.test(cell.at(-1 - behind.length) ?? "") ? ` ${behind}` : behind;
  return unit;
}
