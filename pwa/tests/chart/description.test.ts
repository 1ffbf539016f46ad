import { expect, describe as group, test } from "vitest";
import { describe } from "../../src/client/chart/refine/description";
import { optionsOf, typesOf } from "../../src/client/chart/refine/options";
import { english } from "../../src/client/chart/refine/sentences_en";
import { chinese } from "../../src/client/chart/refine/sentences_zh";
import { type Draft, EMPTY_DRAFT, KINDS } from "../../src/client/charts/draft";
import { choosingKind } from "../../src/client/charts/roles";
import { readTable } from "../../src/worker/reading";

const DAYS = "day,North,South\n2026-03-01,12,9\n2026-03-02,,8\n2026-03-03,18,14\n";

function drafted(text: string, changed: Partial<Draft>): [Draft, ReturnType<typeof readTable>] {
  const draft = { ...EMPTY_DRAFT, source: { ...EMPTY_DRAFT.source, text }, ...changed };
  return [draft, readTable(draft.source)];
}

group("a description", () => {
  test("tells the way of each series along times", () => {
    const drawn = drafted(DAYS, { roles: { x: ["day"], y: ["North", "South"] } });
    expect(describe(...drawn, english, String)).toBe(
      "Line chart of North and South by day. From 2026-03-01 to 2026-03-03. " +
        "North goes from 12 to 18, between 12 and 18. South goes from 9 to 14, between 8 and 14.",
    );
  });

  test("tells the highest and the lowest of categories", () => {
    const drawn = drafted("city,rides\nOslo,12\nGraz,9\nTurin,18\n", {
      kind: "bar",
      roles: { x: ["city"], y: ["rides"] },
    });
    expect(describe(...drawn, chinese, String)).toBe(
      "柱状图：按 city 展示 rides。rides 最高为 Turin（18），最低为 Graz（9）。",
    );
  });

  test("uses the names that series were given", () => {
    const drawn = drafted(DAYS, {
      roles: { x: ["day"], y: ["North"] },
      series: { North: { name: "Bergen" } },
    });
    expect(describe(...drawn, english, String)).toContain("Line chart of Bergen by day.");
  });

  test.each(KINDS)("of a %s is a text without holes", (kind) => {
    const [draft, table] = drafted(DAYS, { roles: { x: ["day"], y: ["North", "South"] } });
    const chosen = { ...draft, ...choosingKind(draft, kind, table) };
    expect(describe(chosen, table, english, String)).not.toMatch(/undefined|NaN|null|by \.|of \./);
  });

  test("is empty without data", () => {
    expect(describe(EMPTY_DRAFT, null, english, String)).toBe("");
  });
});

group("options", () => {
  test.each(KINDS)("of a %s have types for axes that it has", (kind) => {
    const draft = { ...EMPTY_DRAFT, kind };
    const { axes } = optionsOf(draft);
    expect(axes).toEqual(kind === "pie" ? [] : ["x", "y"]);
    for (const axis of axes) expect(Array.isArray(typesOf(axis, draft))).toBe(true);
  });

  test("have the right axis where a series stands on it", () => {
    const roles = { x: ["day"], y: ["North", "South"] };
    const draft: Draft = { ...EMPTY_DRAFT, roles, series: { South: { axis: "y2" } } };
    expect(optionsOf(draft).axes).toEqual(["x", "y", "y2"]);
  });

  test("are those of the kinds of all series", () => {
    const roles = { x: ["day"], y: ["North", "South"] };
    const draft: Draft = {
      ...EMPTY_DRAFT,
      kind: "bar",
      roles,
      series: { South: { kind: "line" } },
    };
    const { stack, horizontal } = optionsOf(draft);
    expect({ stack, horizontal }).toEqual({ stack: true, horizontal: false });
  });
});
