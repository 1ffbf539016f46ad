import { beforeEach, expect, test, vi } from "vitest";
import { job } from "./jobs";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("addEventListener", () => undefined);

const { active, known, learn, unlearn } = await import("../../src/client/jobs/known");
const { activeJobs } = await import("../../src/client/shell/badge");

beforeEach(() => {
  for (const id of known.value.keys()) unlearn(id);
});

test("of two versions the newer is known, in whichever order they come", () => {
  const early = job("a", { version: 1 });
  const late = job("a", { version: 2, state: "succeeded" });
  learn(late);
  learn(early);
  expect(known.value.get("a")).toBe(late);
});

test("what is older or the same tells nobody", () => {
  learn(job("a"));
  const before = known.value;
  learn(job("a"));
  expect(known.value).toBe(before);
});

test("the badge counts what is under way", () => {
  learn(job("a"), job("b", { state: "running" }), job("c", { state: "failed" }));
  expect(activeJobs.value).toBe(2);
  learn(job("a", { version: 2, state: "cancelled" }));
  expect(activeJobs.value).toBe(1);
  unlearn("b");
  expect(activeJobs.value).toBe(0);
});

test("what is under way comes in the order of submission", () => {
  learn(job("b", { created: "2026-11-26T06:00:00Z" }), job("a"));
  expect(active(known.value).map(({ id }) => id)).toEqual(["a", "b"]);
});
