import { describe, expect, test } from "vitest";
import {
  coordinate,
  ends,
  moved,
  newAnnotation,
  onAxis,
} from "../../src/client/chart/refine/annotation";
import { type Draft, EMPTY_DRAFT } from "../../src/client/charts/draft";
import { readTable } from "../../src/worker/reading";

function drafted(text: string): [Draft, ReturnType<typeof readTable>] {
  const draft: Draft = {
    ...EMPTY_DRAFT,
    source: { ...EMPTY_DRAFT.source, text },
    roles: { x: ["when"], y: ["seen"] },
  };
  return [draft, readTable(draft.source)];
}

const DAYS = drafted("when,seen\n2026-03-01,3\n2026-03-02,9\n2026-03-03,5\n2026-03-04,4\n");
const NAMES = drafted("when,seen\nMon,3\nTue,9\nWed,5\n");
const NUMBERS = drafted("when,seen\n10,3\n2,9\n30,5\n");

describe("a new annotation", () => {
  test("stands within the data", () => {
    expect(newAnnotation("line", ...DAYS, "Limit")).toEqual({ type: "line", y: 5, text: "Limit" });
    const text = newAnnotation("text", ...NAMES, "Note");
    expect(text).toEqual({ type: "text", x: "Wed", y: 5, text: "Note" });
  });

  test("has rising ends on numbers, whatever the order of the data is", () => {
    const [from, to] = ends(newAnnotation("band", ...NUMBERS, "Period").x);
    expect(Number(from)).toBeLessThan(Number(to));
  });

  test("spans days and categories by their names", () => {
    expect(newAnnotation("band", ...DAYS, "").x).toEqual(["2026-03-02", "2026-03-03"]);
    expect(newAnnotation("band", ...NAMES, "").x).toEqual(["Mon", "Wed"]);
  });

  test("is somewhere even without data", () => {
    expect(newAnnotation("band", EMPTY_DRAFT, null, "").x).toEqual([0, 1]);
  });
});

test("an annotation on the other axis has a place there", () => {
  const line = newAnnotation("line", ...NAMES, "Limit");
  expect(onAxis(line, "x", ...NAMES)).toEqual({ type: "line", x: "Tue", text: "Limit" });
});

describe("a coordinate", () => {
  test("is a number where the axis has numbers", () => {
    expect(coordinate(" −2.5", "linear")).toBe(-2.5);
    expect(coordinate("2026", "time")).toBe("2026");
    expect(coordinate("7", "category")).toBe("7");
  });

  test("stays text where it is no number yet", () => {
    expect(coordinate("-", "linear")).toBe("-");
    expect(coordinate("", "linear")).toBe("");
  });
});

test("moving keeps all, and stops at the ends", () => {
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
});
