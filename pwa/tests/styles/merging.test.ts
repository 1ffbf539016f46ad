import { describe, expect, it } from "vitest";
import { differences, equal, readDifference } from "../../src/client/styles/document/differences";
import { written } from "../../src/client/styles/document/edits";
import { mergeInto, withMember } from "../../src/client/styles/document/merging";
import { BUILTIN, resolved } from "../../src/client/styles/document/resolving";
import { type Json, readTree } from "../../src/shared/json_tree";

const BASE: Json = {
  title: { color: "#333333", fontsize: 16 },
  palette: ["red", "tan"],
  legend: { frameon: false },
  rc: { "axes.titlepad": 3 },
};

function merged(mine: Json, theirs: Json, base: Json = BASE) {
  const merge = mergeInto(written(mine), mine, base, theirs);
  return { ...merge, value: readTree(merge.text).value };
}

describe("a merge", () => {
  it("joins changes of different members", () => {
    const mine = { ...BASE, title: { color: "#111111", fontsize: 16 } };
    const theirs = { ...BASE, title: { color: "#333333", fontsize: 20 }, palette: ["blue"] };
    const merge = merged(mine, theirs);
    expect(merge.value).toEqual({
      ...BASE,
      title: { color: "#111111", fontsize: 20 },
      palette: ["blue"],
    });
    expect(merge.conflicts).toEqual([]);
    expect(merge.taken).toEqual([["palette"], ["title", "fontsize"]]);
  });

  it("keeps mine where both changed a member, and says which", () => {
    const mine = { ...BASE, palette: ["black"], rc: { "axes.titlepad": 9 } };
    const theirs = { ...BASE, palette: ["blue"], rc: { "axes.titlepad": 9 } };
    const merge = merged(mine, theirs);
    expect(merge.value).toEqual(mine);
    expect(merge.conflicts).toEqual([["palette"]]);
    expect(readTree(withMember(merge.text, theirs, ["palette"])).value).toEqual(theirs);
  });

  it("takes what they removed and added", () => {
    const { legend: _legend, ...rest } = BASE as Record<string, Json>;
    const theirs = { ...rest, ticks: { color: "red", width: 2 }, extends: "dark" };
    const mine = { ...BASE, font: { size: 9 } };
    expect(merged(mine, theirs).value).toEqual({ ...theirs, font: { size: 9 } });
  });

  it("is theirs where I changed nothing, and mine where they did not", () => {
    const other = { palette: ["blue"], watermark: { text: "x" } };
    expect(merged(BASE, other).value).toEqual(other);
    expect(merged(other, BASE).value).toEqual(other);
    expect(merged(other, other).taken).toEqual([]);
  });
});

describe("differences", () => {
  it("tell each member once", () => {
    const after = {
      title: { color: "#222222", fontsize: 16 },
      palette: ["red"],
      new: { a: 1, b: {} },
    };
    expect(differences(BASE, after)).toEqual([
      { path: ["legend", "frameon"], was: false },
      { path: ["new", "a"], is: 1 },
      { path: ["new", "b"], is: {} },
      { path: ["palette"], was: ["red", "tan"], is: ["red"] },
      { path: ["rc", "axes.titlepad"], was: 3 },
      { path: ["title", "color"], was: "#333333", is: "#222222" },
    ]);
    expect(differences(BASE, structuredClone(BASE))).toEqual([]);
  });

  it("see values, not spelling", () => {
    expect(equal(JSON.parse('{"a": 1, "b": [2]}'), JSON.parse('{"b": [2.0], "a": 1e0}'))).toBe(
      true,
    );
    expect(equal(1, true)).toBe(false);
    expect(equal([1], { 0: 1 })).toBe(false);
  });

  it.each([
    ["title.color #333333 → #222222", { path: ["title", "color"], was: "#333333", is: "#222222" }],
    ["legend.frameon added: false", { path: ["legend", "frameon"], is: "false" }],
    ["rc removed (was {})", { path: ["rc"], was: "{}" }],
    ["rc.axes.titlepad 3 → 9", { path: ["rc", "axes.titlepad"], was: "3", is: "9" }],
    ["palette[1] tan → #0B7285", { path: ["palette", 1], was: "tan", is: "#0B7285" }],
    ["created", null],
    ["what it said before is not known", null],
  ] as const)("are read from the history: %s", (line, wanted) => {
    expect(readDifference(line)).toEqual(wanted);
  });
});

describe("what a style leaves out", () => {
  it("comes from what it extends, then from the built-in style", () => {
    const look = resolved([
      { title: { color: "red" } },
      { title: { color: "tan", fontsize: 9 }, palette: ["tan"] },
    ]);
    expect(look.title).toEqual({ ...(BUILTIN.title as object), color: "red", fontsize: 9 });
    expect(look.palette).toEqual(["tan"]);
    expect(look.ticks).toEqual(BUILTIN.ticks);
  });

  it("is also what is null", () => {
    expect(resolved([{ palette: null, title: { color: null } }])).toEqual(BUILTIN);
  });
});
