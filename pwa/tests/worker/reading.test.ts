import { describe, expect, test } from "vitest";
import type { Source } from "../../src/shared/table";
import { readTable } from "../../src/worker/reading";

function source(text: string, chosen: Partial<Source> = {}): Source {
  return { text, separator: null, decimal: null, dates: null, header: null, types: {}, ...chosen };
}

function read(text: string, chosen: Partial<Source> = {}) {
  return readTable(source(text, chosen));
}

const values = (text: string, chosen: Partial<Source> = {}) =>
  read(text, chosen).columns.map((column) => column.values);
const types = (text: string) => read(text).columns.map((column) => column.type);

describe("separators", () => {
  test.each([
    [",", "a,b\n1,2\n3,4"],
    [";", "a;b\n1,5;2,5\n3,5;4"],
    ["\t", "month\tsales, net\nJan\t1,200\nFeb\t900"],
    ["|", "a|b\n1|2\n"],
  ])("finds %j", (separator, text) => {
    expect(read(text).separator).toBe(separator);
    expect(read(text).columns).toHaveLength(2);
  });

  test("one column of decimal commas is one column", () => {
    expect(values("Wert\n1,5\n2,5\n3,25")).toEqual([[1.5, 2.5, 3.25]]);
  });

  test("quoted cells hold separators and line ends", () => {
    expect(values('name,n\n"a, b",1\n"c\nd",2')).toEqual([
      ["a, b", "c\nd"],
      [1, 2],
    ]);
  });

  test("a choice stands over what is found", () => {
    expect(read("a;b\n1,2;3", { separator: "," }).columns.map(({ name }) => name)).toEqual([
      "a;b",
      "B",
    ]);
  });
});

describe("numbers", () => {
  test.each([
    ["a;b\nx;1.234,56\ny;2.000,00", [1234.56, 2000]],
    ['a,b\nx,"1,234.56"\ny,12', [1234.56, 12]],
    ["a;b\nx;1 234,5\ny;2\u202f000", [1234.5, 2000]],
    ["a\tb\nx\t12’000.5\ny\t7", [12000.5, 7]],
    ["a;b\nx;0,125\ny;1,234", [0.125, 1.234]],
    ["a,b\nx,(1200)\ny,−3", [-1200, -3]],
    ["a,b\nx,1e3\ny,.5", [1000, 0.5]],
    ["a,b\nx,n/a\ny,4", [null, 4]],
  ])("%j", (text, expected) => {
    expect(values(text)[1]).toEqual(expected);
  });

  test.each([
    ["a;b\nx;12 %\ny;8 %", { suffix: " %" }],
    ["a;b\nx;12%\ny;8%", { suffix: "%" }],
    ["a;b\nx;$1,200.50\ny;$3.10", { prefix: "$" }],
    ["a;b\nx;1.200,50 €\ny;3,10 €", { suffix: " €" }],
    ["a;b\nx;12.4万\ny;3万", { suffix: "万" }],
  ])("%j has the unit %j", (text, unit) => {
    const column = read(text).columns[1];
    expect(column?.type).toBe("number");
    expect(column?.unit).toEqual(unit);
  });

  test("codes are text", () => {
    expect(types("zip,n\n01067,1\n80331,2")).toEqual(["text", "number"]);
  });

  test("a version is text, an address too", () => {
    expect(types("v,ip\n1.2.3,10.0.0.1\n1.10.2,10.0.0.2")).toEqual(["text", "text"]);
  });
});

describe("dates", () => {
  test.each([
    ["d\n2026-03-01\n2026-03-02", ["2026-03-01", "2026-03-02"]],
    ["d\n31.12.2025\n1.1.2026", ["2025-12-31", "2026-01-01"]],
    ["d\n12/31/2025\n1/2/2026", ["2025-12-31", "2026-01-02"]],
    ["d\n31/12/2025\n1/2/2026", ["2025-12-31", "2026-02-01"]],
    ["d\n2026年3月1日\n2026年12月31日", ["2026-03-01", "2026-12-31"]],
    ["d\n2026年3月\n2026年4月", ["2026-03", "2026-04"]],
    ["d\n2026/3/1\n2026/3/15", ["2026-03-01", "2026-03-15"]],
    ["d\n5 Mar 2026\n6. März 2026", ["2026-03-05", "2026-03-06"]],
    ["d\nMar 5, 2026\nMarch 6, 2026", ["2026-03-05", "2026-03-06"]],
    ["d\nJan 2026\nFeb 2026", ["2026-01", "2026-02"]],
    ["d\n1/2/2026 2:05 PM\n1/13/2026 12:00 AM", ["2026-01-02T14:05", "2026-01-13T00:00"]],
    ["d\n2026-03-01T12:30:00Z\n2026-03-01 13:30", ["2026-03-01T12:30:00Z", "2026-03-01 13:30"]],
  ])("%j", (text, expected) => {
    const [column] = read(text).columns;
    expect(column?.type).toBe("date");
    expect(column?.values).toEqual(expected);
  });

  test("the order can be chosen", () => {
    expect(values("d\n1/2/2026\n3/4/2026", { dates: "dmy" })).toEqual([
      ["2026-02-01", "2026-04-03"],
    ]);
  });

  test("a day that never was is a misfit, and named", () => {
    const [column] = read("d\n2026-02-28\n2026-02-29\n2026-03-01\n2026-03-02\n2026-03-03").columns;
    expect(column?.misfits).toBe(1);
    expect(column?.places).toEqual([{ row: 2, text: "2026-02-29" }]);
  });

  test("weekdays, quarters and words that begin like months are text", () => {
    expect(types("d,q,w\nMon,Q1 2026,Marble 2026\nTue,Q2 2026,Marble 2027")).toEqual([
      "text",
      "text",
      "text",
    ]);
  });
});

describe("headers", () => {
  test.each([
    ["month,n\nJan,1", true],
    ["Jan,1\nFeb,2", false],
    ["source,2015,2020\nWind,0.1,0.2", true],
    ["1,2\n3,4", false],
    ["2026-01-01,5\n2026-01-02,6", false],
  ])("%j: %s", (text, header) => {
    expect(read(text).header).toBe(header);
  });

  test("columns without a name are lettered, double names numbered", () => {
    expect(read("a,,a\nx,1,2").columns.map(({ name }) => name)).toEqual(["a", "B", "a (2)"]);
  });
});

describe("misfits and corrections", () => {
  test("few cells that do not fit are gaps, counted and named", () => {
    const column = read("n\n1\n2\nthree\n4\n5\n6").columns[0];
    expect(column).toMatchObject({ type: "number", misfits: 1 });
    expect(column?.places).toEqual([{ row: 3, text: "three" }]);
  });

  test("many make the column text", () => {
    expect(types("n\n1\ntwo\nthree")).toEqual(["text"]);
  });

  test("a correction is kept beside what was found", () => {
    const column = read("year,n\n2024,1\n2025,2", { types: { year: "text" } }).columns[0];
    expect(column).toMatchObject({ type: "text", detected: "number", values: ["2024", "2025"] });
  });
});

describe("JSON", () => {
  test.each([
    ['[{"a":"x","b":1},{"a":"y","b":2}]'],
    ['{"a":["x","y"],"b":[1,2]}'],
    ['[["a","b"],["x",1],["y",2]]'],
    ['{"status":"ok","rows":[{"a":"x","b":1},{"a":"y","b":2}]}'],
  ])("%s", (text) => {
    const table = read(text);
    expect(table.json).toBe(true);
    expect(table.columns.map(({ name, values }) => [name, values])).toEqual([
      ["a", ["x", "y"]],
      ["b", [1, 2]],
    ]);
  });

  test("names that look like indices keep their places", () => {
    const names = read('[{"source":"Wind","2015":1,"10":2}]').columns.map(({ name }) => name);
    expect(names).toEqual(["source", "2015", "10"]);
    expect(values('{"2015:":["\\"1\\": 2"],"0":[3]}')).toEqual([['"1": 2'], [3]]);
  });

  test("texts of figures stay texts", () => {
    expect(types('[{"zip":"80331","n":1}]')).toEqual(["text", "number"]);
  });

  test("a record that lacks a member has a gap", () => {
    expect(values('[{"a":1},{"b":2}]')).toEqual([
      [1, null],
      [null, 2],
    ]);
  });

  test.each([
    ["json", '{"a": [1, 2'],
    ["shape", '{"a": 1}'],
    ["empty", "  \n \n"],
  ])("tells why not: %s", (kind, text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ kind }) }),
    );
  });
});

test("100 000 rows are read within seconds", () => {
  const rows = Array.from(
    { length: 100_000 },
    (_, at) => `2026-01-01,${at},${at * 1.5},name ${at % 9}`,
  );
  const begun = performance.now();
  const table = read(`day,a,b,c\n${rows.join("\n")}`);
  expect(table.rows).toBe(100_000);
  expect(table.columns.map(({ type }) => type)).toEqual(["date", "number", "number", "text"]);
  console.info(`read in ${Math.round(performance.now() - begun)} ms`);
});
