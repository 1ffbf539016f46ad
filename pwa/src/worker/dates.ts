/** Dates as people write them, as ISO 8601. */

import type { DateOrder } from "../shared/table";

/** What the server takes as a time: a month, a day, or a moment of a day. */
const ISO =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?$/;

const CLOCK =
  "(?:[T,]?\\s*(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d+)?)?\\s*([AaPp])?\\.?(?:[Mm]\\.?)?)?";
const MARKED = new RegExp(`^(\\d{1,4})([./-])\\s?(\\d{1,2})\\2\\s?(\\d{4}|\\d{2})${CLOCK}$`);
const YEAR_FIRST = new RegExp(`^(\\d{4})([./-])(\\d{1,2})(?:\\2(\\d{1,2})${CLOCK})?$`);
const MONTH_YEAR = /^(\d{1,2})\/(\d{4})$/;
const CHINESE = new RegExp(
  `^(\\d{4})\\s?年\\s?(\\d{1,2})\\s?月(?:\\s?(\\d{1,2})\\s?[日号]${CLOCK})?$`,
);
const WORD = "([A-Za-zÀ-ÿ]{3,9})\\.?";
const DAY_WORD_YEAR = new RegExp(
  `^(\\d{1,2})(?:st|nd|rd|th|\\.)?[\\s-]*${WORD},?[\\s-]*(\\d{4}|\\d{2})${CLOCK}$`,
);
const WORD_DAY_YEAR = new RegExp(`^${WORD}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})${CLOCK}$`);
const WORD_YEAR = new RegExp(`^${WORD}[\\s-]+(\\d{4}|\\d{2})$`);

/** English and German; three letters are enough, where they are not shared. */
const MONTHS = new Map(
  [
    ["jan"],
    ["feb"],
    ["mar", "mär", "mrz"],
    ["apr"],
    ["may", "mai"],
    ["jun"],
    ["jul"],
    ["aug"],
    ["sep"],
    ["oct", "okt"],
    ["nov"],
    ["dec", "dez"],
  ].flatMap((names, index) => names.map((name): [string, number] => [name, index + 1])),
);

/** Full names; a word that only begins like a month is none. */
const FULL =
  /^(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|mär(?:z)?|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?)$/i;

/** Return a trimmed cell as ISO 8601; null where it names no day, month or moment. */
export function readDate(cell: string, order: DateOrder): string | null {
  if (cell.length < 5 || cell.length > 40) return null;
  return iso(cell) ?? inFigures(cell, order) ?? inWords(cell);
}

/** Tell whether a text has the form of a date in any order. */
export function looksLikeDate(cell: string): boolean {
  return (["dmy", "mdy", "ymd"] as const).some((order) => readDate(cell, order) !== null);
}

/** Find the order of day and month: the one in which more cells are days of the calendar. */
export function findOrder(cells: Iterable<string>): DateOrder {
  const fits = { dmy: 0, mdy: 0 };
  let slashes = 0;
  let points = 0;
  for (const cell of cells) {
    const match = MARKED.exec(cell);
    if (!match || match[1]?.length === 4) continue;
    if (match[2] === "/") slashes += 1;
    else points += 1;
    if (inFigures(cell, "dmy")) fits.dmy += 1;
    if (inFigures(cell, "mdy")) fits.mdy += 1;
  }
  if (slashes + points === 0) return "ymd";
  if (fits.dmy !== fits.mdy) return fits.dmy > fits.mdy ? "dmy" : "mdy";
  return slashes > points ? "mdy" : "dmy";
}

function iso(cell: string): string | null {
  const match = ISO.exec(cell);
  if (!match) return null;
  const [, year, month, day, hour, minute, second] = match;
  if (!isDay(Number(year), Number(month), Number(day ?? 1))) return null;
  return Number(hour ?? 0) < 24 && Number(minute ?? 0) < 60 && Number(second ?? 0) < 60
    ? cell
    : null;
}

function inFigures(cell: string, order: DateOrder): string | null {
  const first = YEAR_FIRST.exec(cell);
  if (first) return dated(first[1], first[3], first[4], first.slice(5));
  const chinese = CHINESE.exec(cell);
  if (chinese) return dated(chinese[1], chinese[2], chinese[3], chinese.slice(4));
  const month = MONTH_YEAR.exec(cell);
  if (month) return dated(month[2], month[1], undefined, []);
  const [, a, , b, c, ...clock] = MARKED.exec(cell) ?? [];
  if (!a || a.length > 2) return null;
  if (order === "mdy") return dated(c, a, b, clock);
  if (order === "ymd" && c?.length === 2) return dated(a, b, c, clock);
  return dated(c, b, a, clock);
}

function inWords(cell: string): string | null {
  const day = DAY_WORD_YEAR.exec(cell);
  if (day) return dated(day[3], monthOf(day[2]), day[1], day.slice(4));
  const word = WORD_DAY_YEAR.exec(cell);
  if (word) return dated(word[3], monthOf(word[1]), word[2], word.slice(4));
  const month = WORD_YEAR.exec(cell);
  return month ? dated(month[2], monthOf(month[1]), undefined, []) : null;
}

function monthOf(word: string | undefined): string | undefined {
  if (!word || !FULL.test(word)) return undefined;
  return MONTHS.get(word.slice(0, 3).toLowerCase())?.toString();
}

function dated(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  clock: readonly (string | undefined)[],
): string | null {
  if (!year || !month) return null;
  const whole = fullYear(year);
  if (!isDay(whole, Number(month), Number(day ?? 1))) return null;
  const date = `${String(whole).padStart(4, "0")}-${month.padStart(2, "0")}`;
  if (day === undefined) return date;
  const time = timeOf(clock);
  if (time === null) return null;
  return `${date}-${day.padStart(2, "0")}${time}`;
}

/** Two figures are of the years 1970 to 2069. */
function fullYear(year: string): number {
  const value = Number(year);
  if (year.length > 2) return value;
  return value < 70 ? 2000 + value : 1900 + value;
}

/** Return `T14:30`, an empty text where there is no time, null where there is none of the day. */
function timeOf([hour, minute, second, half]: readonly (string | undefined)[]): string | null {
  if (hour === undefined || minute === undefined) return "";
  const morning = Number(hour) % 12;
  const value = half ? morning + (half.toLowerCase() === "p" ? 12 : 0) : Number(hour);
  if (value > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return null;
  return `T${String(value).padStart(2, "0")}:${minute}${second ? `:${second}` : ""}`;
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (lengths[month - 1] ?? 0);
}
