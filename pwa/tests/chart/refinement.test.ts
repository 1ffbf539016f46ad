import { describe, expect, test } from "vitest";
import {
  axisOf,
  legendPlace,
  refined,
  withAxis,
  withLegendPlace,
  withLegendTitle,
  withLimit,
} from "../../src/client/chart/refine/refinement";

describe("a refinement", () => {
  test("holds nothing that is empty", () => {
    const refinement = refined({ title: "Sales", annotations: [] }, { title: "" });
    expect(refinement).toEqual({});
  });

  test("keeps what is false or zero", () => {
    expect(refined({}, { legend: false, hole: 0 })).toEqual({ legend: false, hole: 0 });
  });

  test("loses an axis with the last that is said of it", () => {
    const refinement = withAxis({}, "y", { label: "Units" });
    expect(refinement).toEqual({ axes: { y: { label: "Units" } } });
    expect(withAxis(refinement, "y", { label: "" })).toEqual({});
  });

  test("keeps spaces while they are typed", () => {
    expect(axisOf(withAxis({}, "y", { suffix: " km" }), "y").suffix).toBe(" km");
  });
});

describe("what the data says of an axis", () => {
  const implied = { label: "Sales", suffix: " €" };

  test("is taken away by an empty text", () => {
    expect(withAxis({}, "y", { label: "" }, implied)).toEqual({ axes: { y: { label: "" } } });
  });

  test("is not repeated", () => {
    const taken = withAxis({}, "y", { label: "" }, implied);
    expect(withAxis(taken, "y", { label: "Sales" }, implied)).toEqual({});
  });
});

describe("limits", () => {
  test("have two ends", () => {
    expect(withLimit(undefined, 1, 10)).toEqual([null, 10]);
    expect(withLimit([null, 10], 0, "2026-03")).toEqual(["2026-03", 10]);
  });

  test("are gone when both ends are the data's", () => {
    expect(withLimit([0, null], 0, undefined)).toBeUndefined();
  });
});

describe("the legend", () => {
  test("is at the same place after a way through the form", () => {
    for (const place of ["", "shown", "best", "right", "bottom", "top", "none"] as const) {
      expect(legendPlace(withLegendPlace({}, place))).toBe(place);
    }
  });

  test("keeps its title when it moves", () => {
    const titled = withLegendTitle(withLegendPlace({}, "right"), "Year");
    expect(withLegendPlace(titled, "top").legend).toEqual({ position: "top", title: "Year" });
  });
});
