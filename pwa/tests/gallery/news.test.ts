import { expect, test } from "vitest";
import { after } from "../../src/client/gallery/news_of_charts";
import { saved } from "./charts";

const REPLACED = { type: "replaced", key: "k", etag: '"2"', state: "fresh" } as const;

test("a picture in another look says so, with its tag", () => {
  const chart = after({ ...REPLACED, style: "default@2" }, saved({ fault: "busy" }));
  expect(chart).toEqual(saved({ etag: '"2"', restyled: "default@2" }));
});

test("back in the look that the user saw, there is nothing to say", () => {
  const restyled = saved({ restyled: "default@2" });
  expect(after({ ...REPLACED, style: "default@1" }, restyled)).toEqual(saved({ etag: '"2"' }));
});

test("a refusal leaves the last picture, and the reason", () => {
  const refused = after({ type: "refused", key: "k", fault: "no such style" }, saved());
  expect(refused).toEqual(saved({ fault: "no such style" }));
});

test("an unchanged picture mends an older refusal", () => {
  const told = { type: "unchanged", key: "k", state: "fresh" } as const;
  expect(after(told, saved({ fault: "busy" }))).toEqual(saved());
});
