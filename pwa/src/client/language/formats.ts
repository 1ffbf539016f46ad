/** Numbers, sizes and dates as the reader writes them. */

import { language } from "./language";

function locale(): string {
  const wanted = language.value;
  const own = navigator.languages.find((tag) => tag.startsWith(wanted));
  return own ?? (wanted === "zh" ? "zh-CN" : "en");
}

/** `1,234.5`, with at most `digits` after the point. */
export function number(value: number, digits = 3): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** `3.2 MB`. */
export function bytes(value: number): string {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), steps.length - 1);
  const unit = steps[power] ?? "byte";
  const format = { style: "unit", unit, maximumFractionDigits: power ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale(), format).format(value / 1000 ** power);
}

/** `26 Nov 2026, 09:41`. */
export function moment(value: Date | number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(
    value,
  );
}

/** `26 Nov 2026, 09:41:07`. */
export function exactMoment(value: Date | number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "medium" }).format(
    value,
  );
}

/** `26 Nov 2026`. */
export function day(value: Date | number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(value);
}

/** `5 minutes ago`. */
export function ago(value: Date | number): string {
  const seconds = (Number(value) - Date.now()) / 1000;
  const steps = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ] as const;
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(Math.trunc(seconds), "second");
}
