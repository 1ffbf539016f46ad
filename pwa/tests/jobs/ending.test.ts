import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { job } from "./jobs";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("addEventListener", () => undefined);

const { learn, known, unlearn } = await import("../../src/client/jobs/known");
const { ended, faultOf } = await import("../../src/client/jobs/ending");
const { listJobs, readJob } = await import("../../src/client/http/jobs");
const { activeJobs } = await import("../../src/client/shell/badge");
const { startWatching } = await import("../../src/client/jobs/watching");
const { topicsOf, wishes } = await import("../../src/client/live/wishes");

/** What the server says of a job. */
let served = new Response();

beforeEach(() => {
  served = Response.json(job("a", { version: 1 }));
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(served.clone())),
  );
});

afterEach(() => {
  for (const id of known.value.keys()) unlearn(id);
});

test("a job that has ended is returned at once", async () => {
  const done = job("a", { state: "succeeded", version: 3 });
  expect(await ended(new AbortController().signal, done)).toBe(done);
  expect(fetch).not.toHaveBeenCalled();
});

test("the end is waited for, and what is known meanwhile is asked for once", async () => {
  const waiting = ended(new AbortController().signal, job("a"));
  learn(job("a", { state: "running", version: 2 }));
  learn(job("a", { state: "failed", version: 3 }));
  expect((await waiting).version).toBe(3);
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("whoever gives up hears why", async () => {
  const giving = new AbortController();
  const waiting = ended(giving.signal, job("a"));
  giving.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

test("a job that the server does not keep is a problem", async () => {
  served = Response.json({ type: "/docs#not-found", status: 404 }, { status: 404 });
  const waiting = ended(new AbortController().signal, job("a"));
  await expect(waiting).rejects.toMatchObject({ status: 404 });
});

test("a failed job has its own problem, any other its state", () => {
  const problem = { type: "/docs#drawing", detail: "too many points", status: 422 };
  const failed = faultOf(job("a", { state: "failed", problem }));
  expect([failed.kind, failed.status, failed.message]).toEqual(["drawing", 422, "too many points"]);
  expect(faultOf(job("a", { state: "expired" })).kind).toBe("expired");
});

test("what is under way is watched, and nothing else", () => {
  const stop = startWatching();
  learn(job("a"), job("b", { state: "running" }), job("c", { state: "failed" }));
  expect(topicsOf([...wishes.value])).toEqual(["jobs/a", "jobs/b"]);
  learn(job("a", { state: "cancelled", version: 2 }));
  expect(topicsOf([...wishes.value])).toEqual(["jobs/b"]);
  stop();
  expect(wishes.value.size).toBe(0);
});

test("a long poll follows a job to its end, and never in a rush", async () => {
  vi.useFakeTimers();
  const stop = startWatching();
  learn(job("a"));
  const answers = [
    new Response(null, { status: 304 }),
    Response.json(job("a", { state: "running", version: 2 })),
    Response.json(job("a", { state: "succeeded", version: 3 })),
  ];
  const asked: HeadersInit[] = [];
  vi.stubGlobal("fetch", (_path: string, init: RequestInit) => {
    asked.push(init.headers ?? {});
    return Promise.resolve(answers.shift() ?? Response.error());
  });
  const [watched] = wishes.value;
  const polling = watched?.poll?.(new AbortController().signal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_000);
  await polling;
  vi.useRealTimers();
  expect(asked).toEqual([
    { Prefer: "wait=25", "If-None-Match": '"1"' },
    { Prefer: "wait=25", "If-None-Match": '"1"' },
    { Prefer: "wait=25", "If-None-Match": '"2"' },
  ]);
  expect(known.value.get("a")?.state).toBe("succeeded");
  stop();
});

test("of many jobs all are heard of together, and counted by the server", async () => {
  const stop = startWatching();
  const many = Array.from({ length: 31 }, (_, place) => job(`many${place}`));
  learn(...many);
  expect(topicsOf([...wishes.value])).toEqual(["jobs"]);
  const left = many.slice(0, 29);
  const ended = (path: string) => job(path.slice("/jobs/".length), { state: "failed", version: 2 });
  vi.stubGlobal("fetch", (path: string) =>
    Promise.resolve(Response.json(path.includes("?") ? { jobs: left } : ended(path))),
  );
  for (const { reconcile } of wishes.value) reconcile();
  await vi.waitFor(() => expect(activeJobs.value).toBe(29));
  expect(topicsOf([...wishes.value])).toHaveLength(29);
  stop();
});

test("an answer that is no job is a problem, and asked for again", async () => {
  served = new Response("<html>", { headers: { "Content-Type": "text/html" } });
  await expect(readJob("a")).rejects.toMatchObject({ kind: "unreadable", status: 502 });
  served = Response.json(null);
  await expect(readJob("a")).rejects.toMatchObject({ kind: "unreadable", status: 502 });
  await expect(listJobs({ limit: 1 })).rejects.toMatchObject({ kind: "unreadable" });
  const headers = { "Content-Type": "application/json" };
  served = new Response('{"detail": "bro', { status: 503, headers });
  await expect(readJob("a")).rejects.toMatchObject({ kind: "unknown", status: 503 });
});
