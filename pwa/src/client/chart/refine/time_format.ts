/** How an axis writes times: the directives of strftime that the server takes. */

/** Formats to choose from, without those of one language. */
export const TIME_FORMATS = ["%Y-%m-%d", "%d %b", "%b %Y", "%d %b %Y", "%d.%m.%Y", "%Y", "%H:%M"];
/** The same for readers of Chinese, ahead of the others. */
export const CHINESE_TIME_FORMATS = ["%Y年%m月%d日", "%m月%d日", "%Y年%m月"];

/** The moment that shows formats: every part of it differs from the others. */
export const EXAMPLE_TIME = new Date(Date.UTC(2026, 2, 5, 14, 30, 8));

const DAY = 86_400_000;
/** The server writes names of days and months in English, whatever the reader's language is. */
const NAMES: Record<string, Intl.DateTimeFormatOptions> = {
  b: { month: "short" },
  B: { month: "long" },
  a: { weekday: "short" },
  A: { weekday: "long" },
};

const DIRECTIVES: Record<string, (at: Date) => string> = {
  Y: (at) => String(at.getUTCFullYear()),
  y: (at) => padded(at.getUTCFullYear() % 100),
  m: (at) => padded(at.getUTCMonth() + 1),
  d: (at) => padded(at.getUTCDate()),
  H: (at) => padded(at.getUTCHours()),
  I: (at) => padded(at.getUTCHours() % 12 || 12),
  M: (at) => padded(at.getUTCMinutes()),
  S: (at) => padded(at.getUTCSeconds()),
  p: (at) => (at.getUTCHours() < 12 ? "AM" : "PM"),
  f: (at) => padded(at.getUTCMilliseconds() * 1000, 6),
  j: (at) => padded(dayOfYear(at), 3),
  u: (at) => String(at.getUTCDay() || 7),
  U: (at) => padded(Math.floor((dayOfYear(at) + 6 - at.getUTCDay()) / 7)),
  W: (at) => padded(Math.floor((dayOfYear(at) + 6 - ((at.getUTCDay() + 6) % 7)) / 7)),
  G: (at) => String(thursday(at).getUTCFullYear()),
  V: (at) => padded(Math.ceil(dayOfYear(thursday(at)) / 7)),
  "%": () => "%",
};

/** Write a time as the server does; null for what is no format. */
export function writtenTime(at: Date, format: string): string | null {
  const directives = [...format.matchAll(/%(.?)/gs)].map(([, letter = ""]) => letter);
  const known = directives.every((letter) => letter in DIRECTIVES || letter in NAMES);
  if (!known || directives.every((letter) => letter === "%")) return null;
  return format.replace(/%(.)/gs, (_, letter: string) => written(at, letter));
}

function written(at: Date, letter: string): string {
  const name = NAMES[letter];
  if (name) return new Intl.DateTimeFormat("en", { ...name, timeZone: "UTC" }).format(at);
  return DIRECTIVES[letter]?.(at) ?? "";
}

function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

/** 1 for the first of January. */
function dayOfYear(at: Date): number {
  const first = Date.UTC(at.getUTCFullYear(), 0, 1);
  const day = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return (day - first) / DAY + 1;
}

/** The day that decides which week of which year another one is in (ISO 8601). */
function thursday(at: Date): Date {
  return new Date(at.getTime() + (4 - (at.getUTCDay() || 7)) * DAY);
}
