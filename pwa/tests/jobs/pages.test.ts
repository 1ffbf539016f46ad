import { expect, test, vi } from "vitest";
import { job } from "./jobs";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("addEventListener", () => undefined);

const { extended, grouped, renewed, withNew } = await import("../../src/client/jobs/pages");

const page = (ids: string, before?: string) => ({
  jobs: [...ids].map((id) => job(id)),
  ...(before && { before }),
});

test("the first page is what is shown", () => {
  expect(renewed(null, page("cba", "x"))).toEqual({ ids: ["c", "b", "a"], before: "x" });
});

test("older jobs stay below a page that meets them", () => {
  const shown = extended(renewed(null, page("dc", "1")), page("ba"));
  expect(renewed(shown, page("ed", "2"))).toEqual({ ids: [..."edcba"], before: undefined });
});

test("a page that meets nothing takes the place of everything: between them would be a gap", () => {
  const shown = renewed(null, page("ba", "1"));
  expect(renewed(shown, page("zy", "2"))).toEqual({ ids: ["z", "y"], before: "2" });
});

test("a page without older ones is all there is", () => {
  const shown = renewed(null, page("dcba"));
  expect(renewed(shown, page("dc")).ids).toEqual(["d", "c"]);
});

test("no job stands twice", () => {
  const shown = renewed(null, page("cb", "1"));
  expect(extended(shown, page("ba")).ids).toEqual(["c", "b", "a"]);
  expect(withNew(shown, job("c"))).toBe(shown);
  expect(withNew(shown, job("d")).ids).toEqual(["d", "c", "b"]);
});

test("what is under way stands apart, however old it is", () => {
  const all = [
    job("long", { state: "running", created: "2026-11-26T04:00:00Z" }),
    job("next", { state: "queued", created: "2026-11-26T05:10:00Z" }),
    job("b", { state: "succeeded" }),
    job("a", { state: "failed" }),
    job("watched", { state: "succeeded" }),
  ];
  const known = new Map(all.map((one) => [one.id, one]));
  const groups = grouped({ ids: ["next", "b", "a"] }, ["long", "watched", "next"], known);
  expect(groups.underWay.map(({ id }) => id)).toEqual(["next", "long"]);
  expect(groups.over.map(({ id }) => id)).toEqual(["watched", "b", "a"]);
});
