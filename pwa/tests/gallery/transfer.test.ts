import { describe, expect, test } from "vitest";
import { added, BrokenFile, readGallery, written } from "../../src/client/gallery/transfer";
import { saved } from "./charts";

const newId = () => "new";

describe("a file", () => {
  test("brings back what was written into it", () => {
    const chart = saved();
    const { charts, broken } = readGallery(written([chart]));
    const { id, name, draft, spec, format, created, changed } = chart;
    expect(charts).toEqual([{ id, name, draft, spec, format, created, changed }]);
    expect(broken).toEqual([]);
  });

  test.each([
    ["{", "notJson"],
    ["", "notJson"],
    ["[]", "notGallery"],
    ['{"y": [1]}', "notGallery"],
    ['{"plotkiln": "gallery", "charts": {}}', "notGallery"],
    ['{"plotkiln": "gallery", "version": 2, "charts": []}', "newer"],
  ])("%j is refused as %s", (text, fault) => {
    expect(() => readGallery(text)).toThrow(new BrokenFile(fault as BrokenFile["fault"]));
  });

  test("names what is broken in it, and brings the rest", () => {
    const [good] = JSON.parse(written([saved()])).charts;
    const bad = [
      { ...good, draft: { ...good.draft, kind: "cake" }, name: "Cake" },
      { ...good, spec: null, name: "No spec" },
      { ...good, draft: { ...good.draft, source: "text" }, name: "" },
      { ...good, name: 3 },
      "chart",
    ];
    const text = JSON.stringify({ plotkiln: "gallery", version: 1, charts: [...bad, good] });
    const { charts, broken } = readGallery(text);
    expect(charts.map(({ name }) => name)).toEqual(["Profit"]);
    expect(broken).toEqual(["Cake", "No spec", "#3", "#4", "#5"]);
  });
});

describe("importing", () => {
  const { charts: read } = readGallery(written([saved()]));

  test("adds nothing that is here already, under whatever id", () => {
    expect(added([saved()], read, newId)).toEqual([]);
    expect(added([saved({ id: "other" })], read, newId)).toEqual([]);
  });

  test("puts nothing in place of what is here", () => {
    const here = saved({ name: "Changed since" });
    expect(added([here], read, newId).map(({ id }) => id)).toEqual(["new"]);
  });

  test("keeps the id where it is free", () => {
    expect(added([], read, newId).map(({ id }) => id)).toEqual(["one"]);
  });
});
