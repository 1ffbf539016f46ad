import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Wish } from "../../src/client/live/wishes";
import { FakeSocket } from "./sockets";

/** A page: what is looked at, and signs of life of whoever looks. */
let page = newPage();
let view = new EventTarget();

function newPage() {
  return Object.assign(new EventTarget(), {
    visibilityState: "visible",
    // The server's document does not say that it wants to know who asks.
    querySelector: () => null,
  });
}

async function started() {
  const { startUse } = await import("../../src/client/pictures/use");
  const { startLive, isLive } = await import("../../src/client/live/live");
  const { wish } = await import("../../src/client/live/wishes");
  const connection = await import("../../src/client/pictures/connection");
  startUse();
  const begin = async (wanted: Wish) => {
    const takeBack = wish(wanted);
    // The first wish asks for the channel's address.
    await vi.advanceTimersByTimeAsync(0);
    return takeBack;
  };
  return { stop: startLive(), isLive, wish, begin, connection };
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
  page = newPage();
  view = new EventTarget();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("document", page);
  vi.stubGlobal("location", { href: "http://kiln.test/#/" });
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("addEventListener", view.addEventListener.bind(view));
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.resolve(Response.json({ url: "/live" }))),
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the socket is open only while something is wanted", async () => {
  const { stop, begin } = await started();
  expect(open()).toHaveLength(0);
  const takeBack = await begin(wished("styles"));
  expect(open().map(({ topics }) => topics)).toEqual([["styles"]]);
  takeBack();
  vi.advanceTimersByTime(5_000);
  expect(open()).toHaveLength(0);
  stop();
});

test("a view that follows another finds it open", async () => {
  const { stop, begin, wish } = await started();
  const takeBack = await begin(wished("styles"));
  FakeSocket.last.welcome();
  takeBack();
  wish(wished("jobs"));
  expect(FakeSocket.all).toHaveLength(1);
  expect(FakeSocket.last.closed).toBe(false);
  stop();
});

test("after two minutes without use it is closed, and opened at the next sign of life", async () => {
  const { stop, begin } = await started();
  await begin(wished("styles"));
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
  const { stop, begin, wish } = await started();
  await begin(wished("styles"));
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
  const { stop, begin } = await started();
  await begin(wished("jobs/a", { patient: true }));
  page.dispatchEvent(new Event("freeze"));
  expect(open()).toHaveLength(0);
  page.dispatchEvent(new Event("resume"));
  expect(open()).toHaveLength(1);
  stop();
});

test("without a network nothing is tried; with one it is, at once", async () => {
  const { stop, begin, connection } = await started();
  await begin(wished("styles"));
  connection.observe(false);
  expect(open()).toHaveLength(0);
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
  connection.observe(true);
  expect(open()).toHaveLength(1);
  stop();
});

test("where sockets fail twice there is polling, until they work", async () => {
  const { stop, begin } = await started();
  const polled: AbortSignal[] = [];
  const poll = (signal: AbortSignal) => {
    polled.push(signal);
    return new Promise<void>(() => undefined);
  };
  await begin(wished("jobs/a", { poll }));
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
  const { stop, begin } = await started();
  const polled: AbortSignal[] = [];
  const poll = async (signal: AbortSignal) => void polled.push(signal);
  await begin(wished("jobs/a", { poll }));
  FakeSocket.last.break();
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.break();
  page.visibilityState = "hidden";
  page.dispatchEvent(new Event("visibilitychange"));
  expect(polled[0]?.aborted).toBe(true);
  stop();
});

test("everyone hears of their topic, and asks when something was missed", async () => {
  const { stop, begin, wish, isLive } = await started();
  const [styles, job] = [wished("styles"), wished("jobs/a")];
  await begin(styles);
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

test("the channel is where the server says, asked for when something is wanted", async () => {
  const asked = vi.fn(() => Promise.resolve(Response.json({ url: "wss://live.test/live" })));
  vi.stubGlobal("fetch", asked);
  const { stop, begin } = await started();
  expect(asked).not.toHaveBeenCalled();
  await begin(wished("styles"));
  expect(FakeSocket.last.url).toBe("wss://live.test/live?topic=styles");
  expect(asked).toHaveBeenCalledTimes(1);
  stop();
});

test("a server that does not say has it itself", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 404 })));
  const { stop, begin } = await started();
  await begin(wished("styles"));
  expect(FakeSocket.last.url).toBe("ws://kiln.test/live?topic=styles");
  stop();
});

test("a server that is busy is asked for its channel again, and polled meanwhile", async () => {
  const answers = [503, 429].map((status) => new Response(null, { status }));
  vi.stubGlobal("fetch", () =>
    Promise.resolve(answers.shift() ?? Response.json({ url: "wss://live.test/live" })),
  );
  const { stop, begin } = await started();
  const polled: AbortSignal[] = [];
  const poll = (signal: AbortSignal) => {
    polled.push(signal);
    return new Promise<void>(() => undefined);
  };
  await begin(wished("jobs/a", { poll }));
  expect([FakeSocket.all.length, polled.length]).toEqual([0, 0]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([FakeSocket.all.length, polled.length]).toEqual([0, 1]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeSocket.last.url).toBe("wss://live.test/live?topic=jobs%2Fa");
  FakeSocket.last.welcome();
  expect(polled[0]?.aborted).toBe(true);
  stop();
});

test("a channel that fails is asked for anew: it may be elsewhere", async () => {
  const { stop, begin } = await started();
  await begin(wished("styles"));
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ url: "wss://live.test/live" })));
  FakeSocket.last.break();
  await vi.advanceTimersByTimeAsync(1_000);
  FakeSocket.last.break();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeSocket.last.url).toBe("wss://live.test/live?topic=styles");
  stop();
});

test("whoever wants to be told while nobody looks has a lost server looked for", async () => {
  const { stop, begin, connection } = await started();
  const takeBack = await begin(wished("jobs/a", { patient: true }));
  page.visibilityState = "hidden";
  const probes = vi.fn(() => Promise.reject(new TypeError("no network")));
  vi.stubGlobal("fetch", probes);
  connection.observe(false);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(probes.mock.calls.length).toBeGreaterThan(5);
  expect(probes.mock.calls.length).toBeLessThan(20);
  const before = FakeSocket.all.length;
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ url: "/live" })));
  await vi.advanceTimersByTimeAsync(61_000);
  expect(connection.online.value).toBe(true);
  // Nobody says welcome: it may be between two tries.
  expect(FakeSocket.all.length).toBeGreaterThan(before);
  expect(FakeSocket.last.topics).toEqual(["jobs/a"]);
  takeBack();
  connection.observe(false);
  const rests = vi.fn(() => Promise.reject(new TypeError("no network")));
  vi.stubGlobal("fetch", rests);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(rests).not.toHaveBeenCalled();
  stop();
});

test("only who is new to the server is asked for when it listens", async () => {
  const { stop, begin, wish } = await started();
  const [styles, job] = [wished("styles"), wished("jobs/a")];
  await begin(styles);
  FakeSocket.last.welcome();
  wish(job);
  expect(job.reconcile).not.toHaveBeenCalled();
  FakeSocket.last.hear("plotkiln.live.subscribed", { data: { topics: ["jobs/a", "styles"] } });
  expect(job.reconcile).toHaveBeenCalledTimes(1);
  expect(styles.reconcile).toHaveBeenCalledTimes(1);
  stop();
});

test("polling that ends is begun again after a pause, whatever ended it", async () => {
  const { stop, begin } = await started();
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const poll = vi.fn().mockRejectedValueOnce(new TypeError("no body")).mockResolvedValue(undefined);
  await begin(wished("jobs/a", { poll }));
  FakeSocket.last.break();
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.break();
  expect(poll).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(poll.mock.calls.length).toBeGreaterThan(2);
  expect(poll.mock.calls.length).toBeLessThan(5);
  expect(warned).toHaveBeenCalledTimes(1);
  warned.mockRestore();
  stop();
});
