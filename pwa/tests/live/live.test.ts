import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSocket } from "./sockets";

/** A page: what is looked at, and signs of life of whoever looks. */
const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
const view = new EventTarget();

async function started() {
  const { startUse } = await import("../../src/client/pictures/use");
  const { startLive, isLive } = await import("../../src/client/live/live");
  const { wish } = await import("../../src/client/live/wishes");
  const connection = await import("../../src/client/pictures/connection");
  startUse();
  return { stop: startLive(), isLive, wish, connection };
}

function wished(topic: string, members: object = {}) {
  return { topic, hear: vi.fn(), reconcile: vi.fn(), ...members };
}

function open(): FakeSocket[] {
  return FakeSocket.all.filter(({ closed }) => !closed);
}

/** Let seconds pass in which the server says that it lives. */
function pass(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) {
    vi.advanceTimersByTime(1_000);
    for (const socket of open()) socket.hear("plotkiln.live.heartbeat");
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  FakeSocket.all = [];
  page.visibilityState = "visible";
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("document", page);
  vi.stubGlobal("location", { href: "http://kiln.test/#/" });
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("addEventListener", view.addEventListener.bind(view));
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(new Response())),
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the socket is open only while something is wanted", async () => {
  const { stop, wish } = await started();
  expect(open()).toHaveLength(0);
  const takeBack = wish(wished("styles"));
  expect(open().map(({ topics }) => topics)).toEqual([["styles"]]);
  takeBack();
  vi.advanceTimersByTime(5_000);
  expect(open()).toHaveLength(0);
  stop();
});

test("a view that follows another finds it open", async () => {
  const { stop, wish } = await started();
  const takeBack = wish(wished("styles"));
  FakeSocket.last.welcome();
  takeBack();
  wish(wished("jobs"));
  expect(FakeSocket.all).toHaveLength(1);
  expect(FakeSocket.last.closed).toBe(false);
  stop();
});

test("after two minutes without use it is closed, and opened at the next sign of life", async () => {
  const { stop, wish } = await started();
  wish(wished("styles"));
  FakeSocket.last.welcome();
  pass(118);
  view.dispatchEvent(new Event("keydown"));
  pass(119);
  expect(open()).toHaveLength(1);
  vi.advanceTimersByTime(2_000);
  expect(open()).toHaveLength(0);
  vi.advanceTimersByTime(600_000);
  expect(open()).toHaveLength(0);
  view.dispatchEvent(new Event("pointermove"));
  vi.advanceTimersByTime(1_000);
  expect(open()).toHaveLength(1);
  stop();
});

test("a hidden page closes it at once, but for what somebody asked to be told", async () => {
  const { stop, wish } = await started();
  wish(wished("styles"));
  const takeBack = wish(wished("jobs/a", { patient: true }));
  FakeSocket.last.welcome();
  page.visibilityState = "hidden";
  page.dispatchEvent(new Event("visibilitychange"));
  expect(open()).toHaveLength(1);
  expect(JSON.parse(FakeSocket.last.sent.at(-1) ?? "").data).toEqual({ topics: ["jobs/a"] });
  takeBack();
  vi.advanceTimersByTime(1_000);
  expect(open()).toHaveLength(0);
  stop();
});

test("a page that is frozen keeps no socket", async () => {
  const { stop, wish } = await started();
  wish(wished("jobs/a", { patient: true }));
  page.dispatchEvent(new Event("freeze"));
  expect(open()).toHaveLength(0);
  page.dispatchEvent(new Event("resume"));
  expect(open()).toHaveLength(1);
  stop();
});

test("without a network nothing is tried; with one it is, at once", async () => {
  const { stop, wish, connection } = await started();
  wish(wished("styles"));
  connection.observe(false);
  expect(open()).toHaveLength(0);
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
  connection.observe(true);
  expect(open()).toHaveLength(1);
  stop();
});

test("where sockets fail twice there is polling, until they work", async () => {
  const { stop, wish } = await started();
  const polled: AbortSignal[] = [];
  const poll = (signal: AbortSignal) => {
    polled.push(signal);
    return new Promise<void>(() => undefined);
  };
  wish(wished("jobs/a", { poll }));
  FakeSocket.last.break();
  expect(polled).toHaveLength(0);
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.break();
  expect(polled).toHaveLength(1);
  vi.advanceTimersByTime(2_000);
  FakeSocket.last.welcome();
  expect(polled[0]?.aborted).toBe(true);
  stop();
});

test("polling rests while nobody looks", async () => {
  const { stop, wish } = await started();
  const polled: AbortSignal[] = [];
  const poll = async (signal: AbortSignal) => void polled.push(signal);
  wish(wished("jobs/a", { poll }));
  FakeSocket.last.break();
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.break();
  page.visibilityState = "hidden";
  page.dispatchEvent(new Event("visibilitychange"));
  expect(polled[0]?.aborted).toBe(true);
  stop();
});

test("everyone hears of their topic, and asks when something was missed", async () => {
  const { stop, wish, isLive } = await started();
  const [styles, job] = [wished("styles"), wished("jobs/a")];
  wish(styles);
  wish(job);
  expect(isLive()).toBe(false);
  FakeSocket.last.welcome();
  expect(isLive()).toBe(true);
  expect(styles.reconcile).toHaveBeenCalledTimes(1);
  FakeSocket.last.hear("plotkiln.style.changed", { subject: "default" });
  FakeSocket.last.hear("plotkiln.job.changed", { subject: "b" });
  expect(styles.hear).toHaveBeenCalledTimes(1);
  expect(job.hear).not.toHaveBeenCalled();
  stop();
});
