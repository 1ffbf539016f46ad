import { expect, test } from "vitest";
import { backoff } from "../../src/client/live/backoff";
import { addressWith, isAbout, readEvent } from "../../src/client/live/events";
import { awake, topicsOf, type Wish } from "../../src/client/live/wishes";

const wish = (topic: string, patient = false): Wish => ({
  topic,
  patient,
  hear: () => undefined,
  reconcile: () => undefined,
});

test.each([null, 7, "", "{", "[]", "null", '"text"', "{}"])("%j is no event", (frame) => {
  expect(readEvent(frame)).toBeNull();
});

test("a frame is one event in JSON", () => {
  expect(readEvent('{"type": "a", "subject": "b"}')).toEqual({ type: "a", subject: "b" });
});

test.each([
  ["jobs", "plotkiln.job.changed", "x", true],
  ["jobs", "plotkiln.job.finished", undefined, true],
  ["jobs/x", "plotkiln.job.changed", "x", true],
  ["jobs/x", "plotkiln.job.changed", "y", false],
  ["jobs", "plotkiln.style.changed", "x", false],
  ["styles", "plotkiln.style.changed", "default", true],
  ["styles/a/b", "plotkiln.style.changed", "a/b", true],
  ["artifacts/hits.png", "plotkiln.artifact.updated", "hits.png", true],
  ["other", "plotkiln.other.changed", "x", false],
])("%s and %s of %s: %j", (topic, type, subject, about) => {
  expect(isAbout(topic, subject === undefined ? { type } : { type, subject })).toBe(about);
});

test("the address names every topic, and where to go on", () => {
  const address = new URL(addressWith("wss://kiln.test/live", ["jobs/a", "styles"], "01"));
  expect(address.searchParams.getAll("topic")).toEqual(["jobs/a", "styles"]);
  expect(address.searchParams.get("after")).toBe("01");
  expect(addressWith("wss://kiln.test/live", [], "")).toBe("wss://kiln.test/live");
});

test("topics stand once, and all jobs are every job", () => {
  const wanted = [wish("jobs/a"), wish("jobs"), wish("styles"), wish("jobs/a")];
  expect(topicsOf(wanted)).toEqual(["jobs", "styles"]);
  expect(topicsOf([wish("jobs/b"), wish("jobs/a")])).toEqual(["jobs/a", "jobs/b"]);
});

test("while nobody looks only the patient wait", () => {
  const all = [wish("styles"), wish("jobs/a", true)];
  expect(awake(all, true)).toEqual(all);
  expect(awake(all, false).map(({ topic }) => topic)).toEqual(["jobs/a"]);
});

test("waits grow, up to a minute, and differ by chance", () => {
  expect([1, 2, 3, 4].map((failures) => backoff(failures, 1))).toEqual([1000, 2000, 4000, 8000]);
  expect(backoff(50, 1)).toBe(60_000);
  expect(backoff(50, 0)).toBe(30_000);
});
