import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { job } from "./jobs";

const remembered = new Map<string, string>();
vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("isSecureContext", false);
vi.stubGlobal("localStorage", {
  getItem: (key: string) => remembered.get(key) ?? null,
  setItem: (key: string, value: string) => remembered.set(key, value),
});
vi.stubGlobal("window", {});
vi.stubGlobal("document", { querySelector: () => null });

const { follow } = await import("../../src/client/jobs/followed");
const { comeBack, leaveBehind } = await import("../../src/client/jobs/leaving");

const asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  remembered.clear();
  vi.stubGlobal("fetch", (path: string, { method }: RequestInit) => {
    asked.push(`${method} ${path}`);
    return Promise.resolve(Response.json(job("a", { state: "cancelled", version: 9 })));
  });
});

afterEach(() => vi.useRealTimers());

function left({ id = "a", asked = false, own = true } = {}) {
  return { job: job(id), address: null, body: "{}", format: "png", asked, own } as const;
}

test("what this page began is stopped after some seconds", async () => {
  leaveBehind(left());
  await vi.advanceTimersByTimeAsync(4_900);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(["DELETE /jobs/a"]);
});

test("an undo within these seconds finds it, and it is this page's own still", async () => {
  leaveBehind(left());
  await vi.advanceTimersByTimeAsync(4_000);
  expect(comeBack("a")).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([]);
});

test("what somebody else began, or was asked for, goes on", async () => {
  leaveBehind(left({ own: false }));
  await vi.advanceTimersByTimeAsync(60_000);
  leaveBehind(left({ asked: true }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([]);
  expect(comeBack("a")).toBe(false);
});

test("what somebody is told of goes on", async () => {
  leaveBehind(left({ id: "b" }));
  follow(job("b"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([]);
});
