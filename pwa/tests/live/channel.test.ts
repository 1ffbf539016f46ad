import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Channel } from "../../src/client/live/channel";
import { FakeSocket } from "./sockets";

const listener = { hear: vi.fn(), reconcile: vi.fn(), failing: vi.fn(), expired: vi.fn() };

function open(...topics: string[]): Channel {
  const channel = new Channel("ws://kiln.test/live", listener);
  channel.want(topics);
  return channel;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  vi.clearAllMocks();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("nothing is opened until something is wanted", () => {
  const channel = open();
  expect(FakeSocket.all).toHaveLength(0);
  channel.want(["jobs"]);
  expect(FakeSocket.last.topics).toEqual(["jobs"]);
  expect(FakeSocket.last.protocol).toBe("cloudevents.json");
});

test("events are handed on, and the welcome asks for what may be missing", () => {
  open("jobs");
  FakeSocket.last.welcome(false);
  expect(listener.reconcile).toHaveBeenCalledTimes(1);
  FakeSocket.last.hear("plotkiln.job.changed", { subject: "a", sequence: "7" });
  expect(listener.hear).toHaveBeenCalledWith(expect.objectContaining({ subject: "a" }));
});

test("a resumed connection has missed nothing; a dropped event has", () => {
  open("jobs");
  FakeSocket.last.welcome();
  FakeSocket.last.break();
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.welcome(true);
  expect(listener.reconcile).toHaveBeenCalledTimes(1);
  FakeSocket.last.hear("plotkiln.live.dropped", { data: { count: 3, topics: ["jobs"] } });
  expect(listener.reconcile).toHaveBeenCalledTimes(2);
});

test("a topic that is new on an open socket is asked for once the server listens to it", () => {
  const channel = open("jobs/a");
  FakeSocket.last.welcome();
  channel.want(["jobs/a", "jobs/b"]);
  expect(listener.reconcile).toHaveBeenCalledTimes(1);
  FakeSocket.last.hear("plotkiln.live.subscribed", { data: { topics: ["jobs/a", "jobs/b"] } });
  expect(listener.reconcile).toHaveBeenCalledTimes(2);
  const [isNew] = listener.reconcile.mock.lastCall ?? [];
  expect(["jobs/a", "jobs/b", "styles"].map(isNew)).toEqual([false, true, false]);
});

test("of topics that were covered, or are wanted no longer, nothing is asked", () => {
  const channel = open("jobs", "styles");
  FakeSocket.last.welcome();
  channel.want(["jobs/a"]);
  FakeSocket.last.hear("plotkiln.live.subscribed", { data: { topics: ["jobs/a"] } });
  expect(listener.reconcile).toHaveBeenCalledTimes(1);
});

test("a topic that is new when a connection is resumed is asked for", () => {
  const channel = open("styles");
  FakeSocket.last.welcome();
  FakeSocket.last.break();
  channel.want(["jobs/a", "styles"]);
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.welcome(true);
  const [isNew] = listener.reconcile.mock.lastCall ?? [];
  expect(["jobs/a", "styles"].map(isNew)).toEqual([true, false]);
});

test("other topics are asked for on the open socket, once", () => {
  const channel = open("jobs");
  channel.want(["styles"]);
  expect(FakeSocket.last.sent).toEqual([]);
  FakeSocket.last.welcome();
  channel.want(["styles"]);
  expect(FakeSocket.all).toHaveLength(1);
  expect(FakeSocket.last.sent.map((frame) => JSON.parse(frame))).toEqual([
    expect.objectContaining({
      specversion: "1.0",
      type: "plotkiln.live.subscribe",
      data: { topics: ["styles"] },
    }),
  ]);
});

test("a broken connection is opened again, after the last event", () => {
  open("jobs");
  FakeSocket.last.welcome();
  FakeSocket.last.hear("plotkiln.job.changed", { sequence: "0007" });
  FakeSocket.last.break();
  vi.advanceTimersByTime(1_000);
  expect(FakeSocket.all).toHaveLength(2);
  expect(new URL(FakeSocket.last.url).searchParams.get("after")).toBe("0007");
  expect(listener.failing).not.toHaveBeenCalledWith(true);
});

test("two tries without a welcome count as failing, until one has it", () => {
  open("jobs");
  FakeSocket.last.break();
  expect(listener.failing).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.break();
  expect(listener.failing).toHaveBeenLastCalledWith(true);
  vi.advanceTimersByTime(2_000);
  FakeSocket.last.welcome();
  expect(listener.failing).toHaveBeenLastCalledWith(false);
});

test("tries come ever more rarely", () => {
  open("jobs");
  for (let second = 0; second < 600; second += 1) {
    if (!FakeSocket.last.closed) FakeSocket.last.break();
    vi.advanceTimersByTime(1_000);
  }
  expect(FakeSocket.all.length).toBeGreaterThan(10);
  expect(FakeSocket.all.length).toBeLessThan(30);
});

test("a connection without signs of life is given up", () => {
  open("jobs");
  FakeSocket.last.welcome();
  vi.advanceTimersByTime(49_000);
  FakeSocket.last.hear("plotkiln.live.heartbeat");
  vi.advanceTimersByTime(49_000);
  expect(FakeSocket.last.closed).toBe(false);
  vi.advanceTimersByTime(2_000);
  expect(FakeSocket.all[0]?.closed).toBe(true);
  expect(FakeSocket.all).toHaveLength(2);
});

test("a server that says nothing at all is given up, too", () => {
  open("jobs");
  vi.advanceTimersByTime(10_000);
  expect(FakeSocket.all[0]?.closed).toBe(true);
});

test("closed is closed: nothing is opened or heard any more", () => {
  const channel = open("jobs");
  FakeSocket.last.welcome();
  channel.want([]);
  expect(FakeSocket.last.closed).toBe(true);
  expect(channel.isOpen).toBe(false);
  FakeSocket.last.hear("plotkiln.job.changed");
  FakeSocket.last.break();
  vi.advanceTimersByTime(100_000);
  expect(listener.hear).not.toHaveBeenCalled();
  expect(FakeSocket.all).toHaveLength(1);
});

test("a network that is back is tried at once", () => {
  const channel = open("jobs");
  for (let failures = 0; failures < 6; failures += 1) {
    FakeSocket.last.break();
    vi.advanceTimersToNextTimer();
  }
  FakeSocket.last.break();
  const tried = FakeSocket.all.length;
  channel.hurry();
  expect(FakeSocket.all).toHaveLength(tried + 1);
});

test("the next socket is opened where the channel moved", () => {
  const channel = open("jobs");
  FakeSocket.last.welcome();
  channel.move("ws://other.test/live");
  expect(FakeSocket.all).toHaveLength(1);
  FakeSocket.last.break();
  vi.advanceTimersByTime(1_000);
  expect(FakeSocket.last.url).toBe("ws://other.test/live?topic=jobs");
});

test("a ticket is fetched for each socket at another host", async () => {
  let issued = 0;
  const ticket = () => Promise.resolve(`t${++issued}`);
  const channel = new Channel("wss://live.test/live", listener, ticket);
  channel.want(["jobs"]);
  await vi.advanceTimersByTimeAsync(0);
  expect(new URL(FakeSocket.last.url).searchParams.get("ticket")).toBe("t1");
  FakeSocket.last.break();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(new URL(FakeSocket.last.url).searchParams.get("ticket")).toBe("t2");
});

test("without a ticket no socket is opened, and another try follows", async () => {
  const ticket = vi.fn(() => Promise.reject(new Error("refused")));
  new Channel("wss://live.test/live", listener, ticket).want(["jobs"]);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(FakeSocket.all).toHaveLength(0);
  expect(ticket.mock.calls.length).toBeGreaterThan(1);
  expect(listener.failing).toHaveBeenCalledWith(true);
});

test("a ticket that comes when nothing is wanted any longer opens nothing", async () => {
  const channel = new Channel("wss://live.test/live", listener, () => Promise.resolve("late"));
  channel.want(["jobs"]);
  channel.want([]);
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeSocket.all).toHaveLength(0);
});

test("a socket that ends with its session says so", () => {
  open("jobs");
  FakeSocket.last.welcome();
  FakeSocket.last.break(4401);
  expect(listener.expired).toHaveBeenCalledTimes(1);
  FakeSocket.last.break();
  expect(listener.expired).toHaveBeenCalledTimes(1);
});
