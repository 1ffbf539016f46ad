import { expect, test } from "vitest";
import { isFound } from "../../src/client/gallery/search";
import { saved } from "./charts";

test.each([
  "",
  "  ",
  "prof",
  "MONTH",
  "line",
  "折线",
  "千元",
  "profit month",
  "ｐｒｏｆｉｔ",
  "default@1",
])("%j finds the chart", (query) => {
  expect(isFound(saved(), query, "折线图")).toBe(true);
});

test.each(["loss", "profit loss", "柱状"])("%j does not find the chart", (query) => {
  expect(isFound(saved(), query, "折线图")).toBe(false);
});
