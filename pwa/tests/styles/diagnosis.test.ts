import { describe, expect, it } from "vitest";
import { bySchema, diagnose } from "../../src/client/styles/editor/diagnosis";
import type { Schema } from "../../src/client/styles/editor/schema";
import en from "../../src/client/styles/en";
import { readTree } from "../../src/shared/json_tree";

const words = en.json.faults;
const SCHEMA: Schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    title: {
      type: ["object", "null"],
      additionalProperties: false,
      properties: {
        fontsize: {
          anyOf: [
            { type: "number", minimum: 0.5, maximum: 500 },
            { enum: ["large", "small"] },
            { type: "null" },
          ],
        },
        color: { type: ["string", "null"], maxLength: 32 },
      },
    },
    palette: { type: ["array", "null"], items: { type: "string" }, minItems: 1, maxItems: 3 },
    legend: { type: ["object", "null"], properties: { frameon: { type: ["boolean", "null"] } } },
  },
};

/** Return each fault as the text that it marks and what it says. */
function faults(text: string): [string, string][] {
  return bySchema(readTree(text), SCHEMA, words).map(({ from, to, message }) => [
    text.slice(from, to),
    message,
  ]);
}

describe("a fault by the schema", () => {
  it.each([
    ['{"titel": {}}', '"titel"', words.unknown("titel")],
    ['{"title": {"color": 5}}', "5", words.type("text")],
    ['{"title": {"fontsize": 900}}', "900", words.most("500")],
    ['{"title": {"fontsize": "huge"}}', '"huge"', words.choice("large, small")],
    ['{"title": {"fontsize": true}}', "true", words.choice("large, small")],
    ['{"title": 5}', "5", words.type("an object")],
    ['{"palette": []}', "[]", words.few("1")],
    ['{"palette": ["a", 2]}', "2", words.type("text")],
    ['{"legend": {"frameon": "no"}}', '"no"', words.type("true or false")],
  ])("%s", (text, marked, message) => {
    expect(faults(text)).toEqual([[marked, message]]);
  });

  it("is told for each place", () => {
    expect(faults('{"title": {"color": 5, "fontsize": 0}, "palette": [1]}')).toHaveLength(3);
  });

  it("is none of a good document", () => {
    expect(faults('{"title": {"fontsize": "small", "color": null}, "palette": ["tan"]}')).toEqual(
      [],
    );
    expect(faults("{}")).toEqual([]);
  });
});

describe("the server's faults", () => {
  it("stand at their members", () => {
    const text = '{"title": {"color": "reed"}}';
    const [fault] = diagnose(text, [{ path: "title.color", message: "no colour" }], SCHEMA, words);
    expect(fault && text.slice(fault.from, fault.to)).toBe('"reed"');
    expect(fault?.message).toBe("no colour");
  });

  it("wait until the text is JSON", () => {
    const [fault] = diagnose('{"title": {"color": }}', [], null, words);
    expect(fault).toMatchObject({ from: 20, message: words.syntax });
    expect(diagnose("", null, null, words)).toMatchObject([{ from: 0, to: 0 }]);
  });
});
