import { describe, expect, it } from "vitest";
import { pathText, readPath } from "../../src/client/styles/document/paths";
import { memberAt, NotJson, nodeAt, rangeOf, readTree, treeOf } from "../../src/shared/json_tree";

const TEXTS = [
  "{}",
  " [ ] ",
  '{"a": {"b": [1, 2.5e-3, -0, true, null, "x\\n\\u00e9"]}}',
  '{"a": 1, "a": {"c": []}}',
  '"alone"',
  "\n\t-12.5E+2 ",
];

const BROKEN = [
  "",
  "{",
  '{"a" 1}',
  '{"a": 1,}',
  "[1 2]",
  "01",
  "NaN",
  "{} x",
  '"\t"',
  "'a'",
  "// x\n{}",
];

describe("a tree", () => {
  it.each(TEXTS)("says what JSON.parse says: %s", (text) => {
    expect(readTree(text).value).toEqual(JSON.parse(text));
  });

  it.each(BROKEN)("is not made of what is no JSON: %s", (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => readTree(text)).toThrow(NotJson);
    expect(treeOf(text)).toBeNull();
  });

  it("tells where a text stops being JSON", () => {
    const at = (text: string) => {
      try {
        readTree(text);
      } catch (error) {
        return error instanceof NotJson ? error.at : -1;
      }
      return -1;
    };
    expect(at('{"a": tru}')).toBe(6);
    expect(at('{"a": 1 "b": 2}')).toBe(8);
  });

  it("knows the range of each value", () => {
    const text = '{"palette": ["red", "tan"], "title": {"color": "#123"}}';
    const root = readTree(text);
    const shown = (path: (string | number)[]) => {
      const node = nodeAt(root, path);
      return node && text.slice(node.from, node.to);
    };
    expect(shown(["palette", 1])).toBe('"tan"');
    expect(shown(["title", "color"])).toBe('"#123"');
    expect(shown([])).toBe(text);
    expect(shown(["title", "size"])).toBeNull();
    const key = memberAt(root, ["title", "color"])?.key;
    expect(key && text.slice(key.from, key.to)).toBe('"color"');
  });

  it("shows a fault of what is missing where it would be", () => {
    const text = '{"title": {"color": 1}}';
    const range = rangeOf(readTree(text), ["title", "size", 0]);
    expect(text.slice(range.from, range.to)).toBe('"title"');
  });

  it("does not follow what nests without end", () => {
    expect(treeOf("[".repeat(10_000) + "]".repeat(10_000))).toBeNull();
  });
});

describe("a path", () => {
  it.each([
    ["title.color", ["title", "color"]],
    ["palette[12]", ["palette", 12]],
    ["figure.figsize[0]", ["figure", "figsize", 0]],
    ["rc.axes.titlepad", ["rc", "axes.titlepad"]],
    ["", []],
  ] as [string, (string | number)[]][])("%s is read and written", (text, path) => {
    expect(readPath(text)).toEqual(path);
    expect(pathText(path)).toBe(text);
  });
});
