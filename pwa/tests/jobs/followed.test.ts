import { beforeEach, expect, test, vi } from "vitest";
import { job } from "./jobs";

/** What both tabs share: what is remembered, as the other tab saw it last, and who holds a lock. */
const remembered = new Map<string, string>();
const held = new Set<string>();

vi.stubGlobal("navigator", {
  onLine: true,
  locks: {
    request: (name: string, _how: object, act: (lock: object | null) => unknown) => {
      act(held.has(name) ? null : {});
      held.add(name);
      return new Promise(() => undefined);
    },
  },
});
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("isSecureContext", true);
vi.stubGlobal("document", { visibilityState: "visible" });
vi.stubGlobal("location", { hash: "#/jobs" });
vi.stubGlobal("localStorage", {
  getItem: (key: string) => remembered.get(key) ?? null,
  setItem: (key: string, value: string) => remembered.set(key, value),
});
vi.stubGlobal("window", {});

const { follow, followed, startFollowing } = await import("../../src/client/jobs/followed");
const { learn } = await import("../../src/client/jobs/known");
const { notices } = await import("../../src/client/shell/notices");

beforeEach(() => {
  notices.value = [];
  held.clear();
});

async function end(id: string): Promise<void> {
  const stop = startFollowing();
  learn(job(id, { title: "Sales" }));
  follow(job(id));
  learn(job(id, { title: "Sales", state: "succeeded", version: 2 }));
  await vi.waitFor(() => expect(remembered.get("plotkiln.jobs")).toBe("[]"));
  stop();
}

test("the end of a job is told", async () => {
  await end("a");
  await vi.waitFor(() => expect(notices.value).toHaveLength(1));
  expect(followed.value.size).toBe(0);
});

test("an end that another tab is telling is not told twice", async () => {
  held.add("plotkiln.told b");
  await end("b");
  await new Promise((resolve) => setImmediate(resolve));
  expect(notices.value).toHaveLength(0);
});
