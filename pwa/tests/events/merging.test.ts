import { describe, expect, it } from "vitest";
import { extended, MOST, PAGE, renewed, type Shown, sizeOf } from "../../src/client/events/merging";
import type { ListedEvent } from "../../src/client/http/events";

/** Return events whose numbers fall from `first` to `last`. */
function events(first: number, last: number): ListedEvent[] {
  return Array.from({ length: first - last + 1 }, (_, place) => ({
    number: first - place,
    broker: "default/default",
    arrived: "2026-11-26T03:00:00Z",
    id: String(first - place),
    source: "/test",
    type: "test",
    subject: null,
    cause: null,
    deliveries: [],
  }));
}

function numbers({ events: shown }: Shown): number[] {
  return shown.map(({ number }) => number);
}

function falling(first: number, last: number): number[] {
  return events(first, last).map(({ number }) => number);
}

describe("the newest events", () => {
  it("are all there is at first", () => {
    const shown = renewed(null, { events: events(3, 1) });
    expect(numbers(shown)).toEqual([3, 2, 1]);
    expect(shown.before).toBeUndefined();
  });

  it("stand above the older ones, each once", () => {
    const shown = renewed(
      { events: events(60, 1), before: undefined },
      {
        events: events(62, 13),
        before: 13,
      },
    );
    expect(numbers(shown)).toEqual(falling(62, 1));
    expect(shown.before).toBeUndefined();
  });

  it("leave no gap: what does not reach up to them goes", () => {
    const shown = renewed(
      { events: events(60, 11), before: 11 },
      {
        events: events(200, 151),
        before: 151,
      },
    );
    expect(numbers(shown)).toEqual(falling(200, 151));
    expect(shown.before).toBe(151);
  });

  it("take with them what a filter does not let through any more", () => {
    const failed = events(9, 5);
    const page = { events: failed.filter(({ number }) => number !== 7), before: 5 };
    const shown = renewed({ events: [...failed, ...events(4, 1)], before: undefined }, page);
    expect(numbers(shown)).toEqual([9, 8, 6, 5, 4, 3, 2, 1]);
  });

  it("are none where the last one went", () => {
    expect(numbers(renewed({ events: events(2, 1), before: undefined }, { events: [] }))).toEqual(
      [],
    );
  });

  it("are kept within a bound, and lead on from there", () => {
    const shown = renewed(
      { events: events(MOST, 1), before: undefined },
      {
        events: events(MOST + 5, 6),
        before: 6,
      },
    );
    expect(shown.events).toHaveLength(MOST);
    expect(shown.before).toBe(6);
  });
});

describe("older events", () => {
  it("stand below, each once", () => {
    const shown = extended({ events: events(60, 11), before: 11 }, { events: events(11, 1) });
    expect(numbers(shown)).toEqual(falling(60, 1));
    expect(shown.before).toBeUndefined();
  });
});

it("as many are read as are shown, within bounds", () => {
  expect(sizeOf(null)).toBe(PAGE);
  expect(sizeOf({ events: events(120, 1), before: undefined })).toBe(120);
  expect(sizeOf({ events: events(MOST + 9, 1), before: undefined })).toBe(MOST);
});
