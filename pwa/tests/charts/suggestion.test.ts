import { describe, expect, test } from "vitest";
import { SAMPLES } from "../../src/client/chart/data/samples";
import { EMPTY_DRAFT, KINDS } from "../../src/client/charts/draft";
import { adopting, choosingKind, renamed } from "../../src/client/charts/roles";
import { toSpec } from "../../src/client/charts/spec";
import { fittingKinds, suggestedKind } from "../../src/client/charts/suggestion";
import { readTable } from "../../src/worker/reading";

const tableOf = (text: string) => readTable({ ...EMPTY_DRAFT.source, text });

describe("suggestions", () => {
  test.each([
    ["line", "day,a,b\n2026-01-01,1,2\n2026-01-02,3,4"],
    ["bar", "month,a\nJan,1\nFeb,2"],
    ["scatter", "a,b\n3,1\n1,2\n2,5"],
    ["line", "year,a\n2024,1\n2025,2"],
    ["candlestick", "date,Open,High,Low,Close\n2026-01-01,1,3,0,2\n2026-01-02,2,3,1,2"],
    ["heatmap", "day,hour,n\nMon,am,1\nMon,pm,2\nTue,am,3\nTue,pm,4"],
    ["box", `g,v\n${"a,1\nb,2\n".repeat(4)}`],
  ])("%s for %j", (kind, text) => {
    expect(suggestedKind(tableOf(text))).toBe(kind);
  });

  test.each(
    Object.entries(SAMPLES).flatMap(([kind, text]) => [
      [kind, text.en()],
      [kind, text.zh()],
    ]),
  )("a sample suggests the kind %s that it is offered for", (kind, text) => {
    expect(suggestedKind(tableOf(text))).toBe(kind);
  });

  test("every kind that is said to fit can be drawn at once", () => {
    for (const text of Object.values(SAMPLES)) {
      const table = tableOf(text.en());
      const draft = { ...EMPTY_DRAFT, ...adopting(EMPTY_DRAFT, table) };
      for (const kind of fittingKinds(table)) {
        const chosen = { ...draft, ...choosingKind(draft, kind, table) };
        expect([kind, Array.isArray(toSpec(chosen, table))]).toEqual([kind, false]);
      }
    }
  });

  test("any table, also an empty one, has an order of kinds", () => {
    for (const text of ["a", "a,b\n,\n", "1", "a\nb\nc"]) {
      expect(KINDS).toEqual(expect.arrayContaining(fittingKinds(tableOf(text))));
    }
  });
});

describe("a change of data", () => {
  const before = tableOf("month,North,South\nJan,1,2\nFeb,3,4");
  const draft = { ...EMPTY_DRAFT, ...adopting(EMPTY_DRAFT, before) };

  test("keeps what was chosen, also a column that is gone", () => {
    const after = tableOf("month,North,East\nJan,1,2\nFeb,3,4");
    expect(adopting(draft, after, { before })).toEqual({});
  });

  test("chooses anew where nothing is left", () => {
    const after = tableOf("day,seen\n2026-01-01,1\n2026-01-02,3");
    expect(adopting(draft, after, { before })).toEqual({
      kind: "line",
      roles: { x: ["day"], y: ["seen"] },
    });
  });

  test("keeps the kind that the user chose", () => {
    const after = tableOf("day,seen\n2026-01-01,1\n2026-01-02,3");
    const chosen = { ...draft, kind: "area", chosen: true } as const;
    expect(adopting(chosen, after, { before })).toMatchObject({ kind: "area" });
  });

  test("follows a hand that is still writing", () => {
    const after = tableOf("month,North,South,We\nJan,1,2,3\nFeb,3,4,5");
    const typed = adopting(draft, after, { before, typed: true });
    expect(typed.roles?.y).toEqual(["North", "South", "We"]);
  });

  test("does not touch columns that were chosen by hand while all are there", () => {
    const chosen = { ...draft, roles: { x: ["month"], y: ["South"] } };
    const after = tableOf("month,North,South,West\nJan,1,2,3\nFeb,3,4,5");
    expect(adopting(chosen, after, { before })).toEqual({});
  });

  test("a renamed column takes its options along", () => {
    const styled = { ...draft, series: { South: { color: "red" } } };
    expect(renamed(styled, "South", "East")).toMatchObject({
      roles: { y: ["North", "East"] },
      series: { East: { color: "red" } },
    });
  });
});
