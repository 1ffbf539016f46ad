import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Field, fieldsOf, type Schema } from "../../src/client/chart/template/schema";
import {
  filled,
  fits,
  linesOf,
  listOf,
  suggestedColumns,
  withParam,
} from "../../src/client/chart/template/values";
import { EMPTY_DRAFT } from "../../src/client/charts/draft";
import { readTable } from "../../src/worker/reading";

const SHIPPED = new URL("../../../src/plotkiln/templates/shipped.json", import.meta.url);

function shipped(name: string): readonly Field[] {
  const sources = JSON.parse(readFileSync(SHIPPED, "utf8")) as {
    templates: { name: string; params: Schema }[];
  }[];
  const found = sources.flatMap(({ templates }) => templates).find((one) => one.name === name);
  return fieldsOf(found?.params ?? {});
}

function shapes(fields: readonly Field[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, shape }) => [name, shape]));
}

const TABLE = readTable({
  ...EMPTY_DRAFT.source,
  text: "day,city,rides,rain\n2026-03-01,Oslo,12,\n2026-03-02,Graz,9,1.5\n",
});

describe("the templates that ship", () => {
  test("have fields for everything", () => {
    expect(shapes(shipped("annotated-time-series"))).toEqual({
      times: "list",
      values: "list",
      events: "rows",
      title: "text",
      subtitle: "text",
      unit: "text",
      fill: "boolean",
    });
    expect(shapes(shipped("small-multiples"))).toMatchObject({
      data: "table",
      order: "choice",
      highlight: "list",
      columns: "integer",
    });
    expect(shipped("odometer")[0]).toMatchObject({ name: "value", required: true, least: 0 });
  });

  test("find their columns", () => {
    expect(suggestedColumns(shipped("annotated-time-series"), TABLE)).toEqual({
      times: "day",
      values: "rides",
    });
    expect(suggestedColumns(shipped("small-multiples"), TABLE)).toEqual({ data: "*" });
  });
});

describe("a schema", () => {
  test("is followed through $ref, and says its own words first", () => {
    const root: Schema = {
      properties: { from: { $ref: "#/$defs/Place", description: "Where it begins." } },
      $defs: {
        Place: { type: "object", description: "A place.", properties: { lat: { type: "number" } } },
      },
    };
    const [field] = fieldsOf(root);
    expect(field).toMatchObject({ shape: "object", description: "Where it begins." });
    expect(field?.fields).toMatchObject([{ name: "lat", label: "Lat", shape: "number" }]);
  });

  test("takes null beside a type as a gap", () => {
    const [field] = fieldsOf({ properties: { n: { enum: ["a", "b", null] } } });
    expect(field).toMatchObject({ shape: "choice", options: ["a", "b"], nullable: true });
  });

  test("that no control can say is written as JSON", () => {
    const odd: Schema = {
      properties: {
        any: {},
        either: { type: ["string", "number"] },
        shares: { type: "object", additionalProperties: { type: "number" } },
        pairs: { type: "array", items: { type: "array", items: { type: "number" } } },
      },
    };
    expect(new Set(Object.values(shapes(fieldsOf(odd))))).toEqual(new Set(["json"]));
  });
});

describe("a list", () => {
  const numbers = { item: "number", nullable: true } as const;

  test("is the same after a way through text", () => {
    for (const list of [[1, null, -2.5], [0], [1, null]]) {
      expect(listOf(linesOf(list), numbers)).toEqual(list);
    }
    expect(listOf("", numbers)).toEqual([]);
  });

  test("keeps what is no number, for the server to say", () => {
    expect(listOf("1\nx", numbers)).toEqual([1, "x"]);
  });

  test("of texts keeps numbers as they are written", () => {
    expect(listOf("007\n\n1e3", { item: "text", nullable: false })).toEqual(["007", "", "1e3"]);
  });
});

describe("columns", () => {
  const column = (name: string) => {
    const found = TABLE.columns.find((one) => one.name === name);
    if (!found) throw new Error(name);
    return found;
  };

  test("with gaps fit only lists that have gaps", () => {
    expect(fits(column("rain"), { item: "number", nullable: true })).toBe(true);
    expect(fits(column("rain"), { item: "number", nullable: false })).toBe(false);
    expect(fits(column("city"), { item: "number", nullable: true })).toBe(false);
    expect(fits(column("rides"), { item: "integer", nullable: false })).toBe(true);
  });

  test("fill the parameters that follow them", () => {
    const fields = shipped("annotated-time-series");
    const params = filled({ title: "Rides" }, { times: "day", values: "rides" }, fields, TABLE);
    expect(params).toEqual({
      title: "Rides",
      times: ["2026-03-01", "2026-03-02"],
      values: [12, 9],
    });
  });

  test("that are gone leave the last values", () => {
    const fields = shipped("annotated-time-series");
    const params = filled({ values: [1] }, { values: "gone" }, fields, TABLE);
    expect(params).toEqual({ values: [1] });
  });
});

test("a parameter that is undefined is left to its default", () => {
  expect(withParam({ a: 1, b: 2 }, "a", undefined)).toEqual({ b: 2 });
});
