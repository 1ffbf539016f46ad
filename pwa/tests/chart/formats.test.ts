import { describe, expect, test } from "vitest";
import { NUMBER_FORMATS, writtenNumber } from "../../src/client/chart/refine/number_format";
import { TIME_FORMATS, writtenTime } from "../../src/client/chart/refine/time_format";

const NUMBERS = [1234.56, 0.1234, -5.26, 0, 1e15, 0.00001234, 999999.9];

/** As Python writes them, `d` being `.0f`, and without presentation `.12g`. */
const WRITTEN: Record<string, readonly string[]> = {
  ",": ["1,234.56", "0.1234", "-5.26", "0", "1e+15", "1.234e-05", "999,999.9"],
  ",.0f": ["1,235", "0", "-5", "0", "1,000,000,000,000,000", "0", "1,000,000"],
  ",.1f": ["1,234.6", "0.1", "-5.3", "0.0", "1,000,000,000,000,000.0", "0.0", "999,999.9"],
  ",.2f": ["1,234.56", "0.12", "-5.26", "0.00", "1,000,000,000,000,000.00", "0.00", "999,999.90"],
  d: ["1235", "0", "-5", "0", "1000000000000000", "0", "1000000"],
  "+,.1f": ["+1,234.6", "+0.1", "-5.3", "+0.0", "+1,000,000,000,000,000.0", "+0.0", "+999,999.9"],
  ".0%": ["123456%", "12%", "-526%", "0%", "100000000000000000%", "0%", "99999990%"],
  ".1%": ["123456.0%", "12.3%", "-526.0%", "0.0%", "100000000000000000.0%", "0.0%", "99999990.0%"],
  ".1e": ["1.2e+03", "1.2e-01", "-5.3e+00", "0.0e+00", "1.0e+15", "1.2e-05", "1.0e+06"],
  g: ["1234.56", "0.1234", "-5.26", "0", "1e+15", "1.234e-05", "1e+06"],
  ".3g": ["1.23e+03", "0.123", "-5.26", "0", "1e+15", "1.23e-05", "1e+06"],
  _: ["1_234.56", "0.1234", "-5.26", "0", "1e+15", "1.234e-05", "999_999.9"],
  e: [
    "1.234560e+03",
    "1.234000e-01",
    "-5.260000e+00",
    "0.000000e+00",
    "1.000000e+15",
    "1.234000e-05",
    "9.999999e+05",
  ],
  E: [
    "1.234560E+03",
    "1.234000E-01",
    "-5.260000E+00",
    "0.000000E+00",
    "1.000000E+15",
    "1.234000E-05",
    "9.999999E+05",
  ],
  ".2G": ["1.2E+03", "0.12", "-5.3", "0", "1E+15", "1.2E-05", "1E+06"],
  " ,.1f": [" 1,234.6", " 0.1", "-5.3", " 0.0", " 1,000,000,000,000,000.0", " 0.0", " 999,999.9"],
  "+": ["+1234.56", "+0.1234", "-5.26", "+0", "+1e+15", "+1.234e-05", "+999999.9"],
  ".0f": ["1235", "0", "-5", "0", "1000000000000000", "0", "1000000"],
};

describe("numbers", () => {
  test.each(Object.entries(WRITTEN))("%j writes as the server does", (format, texts) => {
    expect(NUMBERS.map((value) => writtenNumber(value, format))).toEqual(texts);
  });

  test.each(["", "x", ".123f", ".1d", ">10", "{}"])("%j is no format", (format) => {
    expect(writtenNumber(1, format)).toBeNull();
  });

  test("every choice is a format", () => {
    expect(NUMBER_FORMATS.filter((format) => writtenNumber(1, format) === null)).toEqual([]);
  });
});

const ALL = "%Y %y %m %d %b %B %a %A %H %I %M %S %p %f %j %U %W %V %G %u %%";

describe("times", () => {
  test.each([
    [
      "2026-03-05T14:30:08Z",
      "2026 26 03 05 Mar March Thu Thursday 14 02 30 08 PM 000000 064 09 09 10 2026 4 %",
    ],
    [
      "2025-01-01T00:00:00Z",
      "2025 25 01 01 Jan January Wed Wednesday 00 12 00 00 AM 000000 001 00 00 01 2025 3 %",
    ],
    [
      "2024-12-30T12:05:00Z",
      "2024 24 12 30 Dec December Mon Monday 12 12 05 00 PM 000000 365 52 53 01 2025 1 %",
    ],
    [
      "2021-01-03T23:59:59Z",
      "2021 21 01 03 Jan January Sun Sunday 23 11 59 59 PM 000000 003 01 00 53 2020 7 %",
    ],
  ])("%s is written as Python does", (at, text) => {
    expect(writtenTime(new Date(at), ALL)).toBe(text);
  });

  test.each(["", "no directive", "%%", "%-d", "%c", "%"])("%j is no format", (format) => {
    expect(writtenTime(new Date(0), format)).toBeNull();
  });

  test("every choice is a format", () => {
    expect(TIME_FORMATS.filter((format) => writtenTime(new Date(0), format) === null)).toEqual([]);
  });
});
