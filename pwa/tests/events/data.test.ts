import { expect, it } from "vitest";
import { curlCommand, sendCommand } from "../../src/client/events/commands";
import { attributesOf, carriedBy, LONGEST } from "../../src/client/events/data";
import { triggerName } from "../../src/client/events/names";

it("JSON is set in lines, texts stand as they are", () => {
  expect(carriedBy({ data: { total: 3 } })).toMatchObject({ text: '{\n  "total": 3\n}' });
  expect(carriedBy({ data: "hello" })).toMatchObject({ text: "hello", cut: false });
  expect(carriedBy({ data: null })).toMatchObject({ text: "null" });
  expect(carriedBy({ data: 0 })).toMatchObject({ text: "0" });
});

it("an event may carry nothing", () => {
  expect(carriedBy({ id: "1" })).toEqual({ kind: "none" });
});

it("what is no text is told by its size", () => {
  for (const bytes of [0, 1, 2, 3, 4, 100]) {
    const data_base64 = Buffer.alloc(bytes).toString("base64");
    expect(carriedBy({ data_base64 })).toEqual({ kind: "binary", bytes });
  }
});

it("long data is cut", () => {
  const carried = carriedBy({ data: "x".repeat(LONGEST + 1) });
  expect(carried).toMatchObject({ cut: true, length: LONGEST + 1 });
  expect(carried.kind === "text" && carried.text.length).toBe(LONGEST);
});

it("attributes are all that is not data", () => {
  const event = { specversion: "1.0", id: "1", hops: 3, data: {}, data_base64: "" };
  expect(attributesOf(event)).toEqual([
    ["specversion", "1.0"],
    ["id", "1"],
    ["hops", "3"],
  ]);
});

it("a trigger has its namespace where it is not the broker's", () => {
  expect(triggerName("default/hits-to-picture", "default/default")).toBe("hits-to-picture");
  expect(triggerName("pages/hits-to-picture", "default/default")).toBe("pages/hits-to-picture");
  expect(triggerName("defaults/one", "default/default")).toBe("defaults/one");
});

it("commands send to the server that the page came from", () => {
  for (const command of [sendCommand, curlCommand]) {
    expect(command("http://kiln:8080")).toContain("http://kiln:8080/broker/default/default");
  }
});

it("where the server wants to know who asks, curl shows a token that the shell holds", () => {
  const option = '-H "Authorization: Bearer $PLOTKILN_TOKEN"';
  expect(curlCommand("http://kiln:8080", { withToken: true })).toContain(option);
  expect(curlCommand("http://kiln:8080")).not.toContain("Authorization");
});
