/** How an axis writes numbers: the part of Python's format language that the server takes. */

const FORMAT = /^([+ ]?)([,_]?)(?:\.(\d{1,2}))?([eEfFgG%d]?)$/;
/** Significant digits where a format says neither precision nor presentation. */
const DIGITS = 12;

/** Formats to choose from, the plain ones first. */
export const NUMBER_FORMATS = [",", ",.0f", ",.1f", ",.2f", "d", "+,.1f", ".0%", ".1%", ".1e"];

/** Return the number that shows a format best. */
export function exampleFor(format: string): number {
  return format.endsWith("%") ? 0.1234 : 1234.56;
}

/** Write a number as the server does, but for ties such as 0.5; null for what is no format. */
export function writtenNumber(value: number, format: string): string | null {
  const parts = FORMAT.exec(format);
  if (!format || !parts) return null;
  const [, sign = "", group = "", precision, form = ""] = parts;
  if (form === "d" && precision !== undefined) return null;
  const digits = precision === undefined ? undefined : Number(precision);
  const written = digitsOf(Math.abs(value), form, digits);
  const negative = value < 0 || Object.is(value, -0);
  return `${negative ? "-" : sign}${group ? grouped(written, group) : written}`;
}

function digitsOf(value: number, form: string, precision: number | undefined): string {
  switch (form) {
    case "f":
    case "F":
      return value.toFixed(precision ?? 6);
    case "d":
      return value.toFixed(0);
    case "%":
      return `${(value * 100).toFixed(precision ?? 6)}%`;
    case "e":
    case "E":
      return cased(exponential(value, precision ?? 6), form);
    case "g":
    case "G":
      return cased(general(value, precision ?? 6), form);
    default:
      return general(value, precision ?? DIGITS);
  }
}

function general(value: number, precision: number): string {
  const digits = Math.max(precision, 1);
  if (value === 0) return "0";
  const exponent = Number(value.toExponential(digits - 1).split("e")[1]);
  if (exponent < -4 || exponent >= digits) return trimmed(exponential(value, digits - 1));
  return trimmed(value.toFixed(Math.max(digits - 1 - exponent, 0)));
}

/** Python writes two digits of an exponent at least: 1.2e+03. */
function exponential(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, "e$10$2");
}

function trimmed(written: string): string {
  return written.replace(/(\.\d*?)0+(e|$)/, "$1$2").replace(/\.(e|$)/, "$1");
}

function cased(written: string, form: string): string {
  return form === form.toUpperCase() ? written.toUpperCase() : written;
}

function grouped(written: string, separator: string): string {
  return written.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, separator));
}
