import { expect, test } from "vitest";
import { isBegunBy } from "../../src/client/http/begun";
import { job } from "./jobs";

/** Answered at 05:00:09, by a server whose clock may be any. */
const answer = new Response(null, { headers: { Date: "Thu, 26 Nov 2026 05:00:09 GMT" } });

test("a job is new that was created while it was asked for", () => {
  const created = "2026-11-26T05:00:08.900Z";
  expect(isBegunBy(answer, 1_200, job("a", { created }))).toBe(true);
  expect(isBegunBy(answer, 20, job("a", { created: "2026-11-26T05:00:09.700Z" }))).toBe(true);
});

test("a job that was there before was joined", () => {
  expect(isBegunBy(answer, 1_200, job("a", { created: "2026-11-26T05:00:07Z" }))).toBe(false);
});

test("a job that is being drawn already was joined", () => {
  const created = "2026-11-26T05:00:08.900Z";
  expect(isBegunBy(answer, 1_200, job("a", { created, attempt: 1 }))).toBe(false);
});

test("without the server's time nothing is thought to be new", () => {
  expect(isBegunBy(new Response(), 1_200, job("a"))).toBe(false);
});
