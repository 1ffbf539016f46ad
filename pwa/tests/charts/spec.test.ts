import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Draft, EMPTY_DRAFT, type Table } from "../../src/client/charts/draft";
import { isSpec } from "../../src/client/charts/from_spec";
import { adopting } from "../../src/client/charts/roles";
import { fromSpec, toSpec } from "../../src/client/charts/spec";
import { essence } from "../../src/client/charts/written_out";
import { parseOrdered } from "../../src/shared/ordered_json";
import { readTable } from "../../src/worker/reading";

const EXAMPLES = new URL("../../../examples/", import.meta.url);

/** Specs that say more than the form can. */
const MORE = ["errorbars", "log-axis"];

function examples(): [string, Record<string, unknown>][] {
  const files = readdirSync(EXAMPLES).filter(
    (name) => name.endsWith(".json") && name !== "style.json",
  );
  return files.map((name) => [
    name.replace(".json", ""),
    parseOrdered(readFileSync(new URL(name, EXAMPLES), "utf8")) as Record<string, unknown>,
  ]);
}

/** As JSON says it: -0 is 0. */
function written(value: unknown): string {
  return JSON.stringify(value);
}

function drafted(text: string, changed: Partial<Draft> = {}): [Draft, Table] {
  const draft = { ...EMPTY_DRAFT, ...changed, source: { ...EMPTY_DRAFT.source, text } };
  const table = readTable(draft.source);
  return [{ ...draft, ...adopting(draft, table) }, table];
}

describe("every example", () => {
  test.each(examples())("%s draws the same after a way through the form", (name, spec) => {
    const draft = fromSpec(spec);
    const table = draft.pasted ? null : readTable(draft.source);
    const again = toSpec(draft, table);
    expect(Array.isArray(again)).toBe(false);
    const { format: _, ...sent } = spec;
    if (draft.pasted) expect(again).toEqual(sent);
    else expect(written(essence(again as Record<string, unknown>))).toBe(written(essence(sent)));
    expect([name, draft.pasted !== null]).toEqual([name, MORE.includes(name)]);
  });
});

describe("toSpec", () => {
  test("a pasted table is a line over its first column", () => {
    const [draft, table] = drafted("day,a,b\n2026-01-01,1,2\n2026-01-02,3,4");
    expect(toSpec(draft, table)).toEqual({
      kind: "line",
      data: { day: ["2026-01-01", "2026-01-02"], a: [1, 3], b: [2, 4] },
      x: "day",
      y: ["a", "b"],
    });
  });

  test("a lone column labels its axis, with its unit", () => {
    const [draft, table] = drafted("day\tSales\n2026-01-01\t1 €\n2026-01-02\t2 €");
    expect(toSpec(draft, table)).toMatchObject({ axes: { y: { label: "Sales", suffix: " €" } } });
    const refinement = { axes: { y: { label: "", suffix: "" } } };
    expect(toSpec({ ...draft, refinement }, table)).not.toHaveProperty("axes");
  });

  test("the same draft gives the same text", () => {
    const [draft, table] = drafted("q,a,b\nQ1,1,2\nQ2,3,4", {
      refinement: { style: "print", title: "T", legend: true },
    });
    const { roles } = draft;
    const turned = { ...draft, roles: { y: roles.y ?? [], x: roles.x ?? [] } };
    expect(JSON.stringify(toSpec(turned, table))).toBe(JSON.stringify(toSpec(draft, table)));
    expect(Object.keys(toSpec(draft, table))).toEqual([
      "kind",
      "title",
      "data",
      "x",
      "y",
      "legend",
      "style",
    ]);
  });

  test("a column that is gone is named, with the nearest", () => {
    const [draft] = drafted("month,Sales\nJan,1\nFeb,2");
    const table = readTable({ ...draft.source, text: "month,Sales EUR\nJan,1\nFeb,2" });
    expect(toSpec(draft, table)).toEqual([{ role: "y", name: "Sales", nearest: "Sales EUR" }]);
  });

  test("what a kind does not take stays in the draft only", () => {
    const [draft, table] = drafted("month,a\nJan,1\nFeb,2", {
      kind: "pie",
      chosen: true,
      refinement: {
        stack: true,
        hole: 0.5,
        annotations: [{ type: "line", y: 1 }],
        axes: { y: { label: "n" } },
      },
      series: { a: { marker: "s", alpha: 0.5 } },
    });
    expect(toSpec(draft, table)).toEqual({
      kind: "pie",
      data: { month: ["Jan", "Feb"], a: [1, 2] },
      series: [{ x: "month", y: "a", alpha: 0.5 }],
      hole: 0.5,
    });
  });

  test("bars and a line on two axes", () => {
    const [draft, table] = drafted("m,rain,heat\nJan,1,2\nFeb,3,4", {
      kind: "bar",
      chosen: true,
      series: { heat: { kind: "line", axis: "y2", name: "Warmth" } },
    });
    expect(toSpec(draft, table)).toMatchObject({
      series: [
        { x: "m", y: "rain" },
        { kind: "line", name: "Warmth", x: "m", y: "heat", axis: "y2" },
      ],
      axes: { y: { label: "rain" }, y2: { label: "Warmth" } },
    });
  });

  test("a wide table is a matrix", () => {
    const [draft, table] = drafted("day,am,pm\nMon,1,2\nTue,3,4", {
      kind: "heatmap",
      chosen: true,
    });
    expect(toSpec(draft, table)).toEqual({
      kind: "heatmap",
      x: ["am", "pm"],
      y: ["Mon", "Tue"],
      z: [
        [1, 2],
        [3, 4],
      ],
    });
  });

  test("errors follow their columns, or stand in pairs", () => {
    const text = "x,a,ea,b,eb\n1,1,.1,2,.2\n2,3,.1,4,.2";
    const roles = { x: ["x"], y: ["a", "b"], error: ["ea", "eb"] };
    const [draft, table] = drafted(text, { kind: "errorbar", chosen: true });
    expect(toSpec({ ...draft, roles }, table)).toMatchObject({
      series: [
        { y: "a", error: "ea" },
        { y: "b", error: "eb" },
      ],
    });
    const paired = { ...roles, y: ["a"] };
    expect(toSpec({ ...draft, roles: paired }, table)).toMatchObject({
      series: [{ y: "a", error: ["ea", "eb"] }],
    });
  });

  test("times that are names say so", () => {
    const [draft, table] = drafted("m,a\n2026-01,1\n2026-02,2", {});
    const source = { ...draft.source, types: { m: "text" as const } };
    const read = readTable(source);
    expect(table.columns[0]?.type).toBe("date");
    expect(toSpec({ ...draft, source }, read)).toMatchObject({ axes: { x: { type: "category" } } });
  });
});

describe("fromSpec", () => {
  test("a template keeps its parameters", () => {
    const spec = { template: "gantt", params: { tasks: [] }, size: { width: 800 } };
    expect(toSpec(fromSpec(spec), null)).toEqual(spec);
  });

  test("what is pasted is drawn with the refinement over it", () => {
    const draft = fromSpec({ title: "Old", series: [{ y: [1, 2] }, { y: [1, 2, 3] }] });
    expect(draft.pasted).toEqual({ series: [{ y: [1, 2] }, { y: [1, 2, 3] }] });
    expect(toSpec({ ...draft, refinement: { title: "New" } }, null)).toMatchObject({
      title: "New",
    });
  });

  test("the shortest spec becomes a table", () => {
    const draft = fromSpec({ x: [1, 2, 3], y: [4, 1, 7] });
    expect(draft.source.text).toBe("x,y\n1,4\n2,1\n3,7");
    expect(draft.pasted).toBeNull();
  });
});

test.each([
  [true, { x: [1], y: [2], title: "T" }],
  [true, { data: [{ a: 1 }] }],
  [true, { series: [{ y: [1] }] }],
  [false, { x: [1], y: [2] }],
  [false, { month: ["a"], sales: [1] }],
  [false, [{ a: 1 }]],
  [false, { results: [{ a: 1 }] }],
])("isSpec is %s of %j", (expected, value) => {
  expect(isSpec(value)).toBe(expected);
});

test("values without errors beside others that have some are points", () => {
  const [draft, table] = drafted("x,a,sd,b\n1,1,.1,2\n2,3,.1,4", {
    kind: "errorbar",
    chosen: true,
  });
  const roles = { x: ["x"], y: ["a", "b"], error: ["sd"] };
  expect(toSpec({ ...draft, roles }, table)).toMatchObject({
    series: [
      { y: "a", error: "sd" },
      { kind: "scatter", y: "b" },
    ],
  });
});

test("columns that are called like numbers keep their places", () => {
  const spec = parseOrdered(
    '{"kind": "bar", "data": {"source": ["Wind"], "2015": [1], "2020": [2]}}',
  );
  const draft = fromSpec(spec as object);
  expect(draft.source.text).toBe("source,2015,2020\nWind,1,2");
  expect(draft.roles).toEqual({ x: ["source"], y: ["2015", "2020"] });
  expect(toSpec(draft, readTable(draft.source))).toMatchObject({
    x: "source",
    y: ["2015", "2020"],
  });
});
