/** How a list of events grows at its top and at its end, without a gap. */

import type { EventPage, ListedEvent } from "../http/events";

/** Events that are read at once. */
export const PAGE = 50;

/** The most events that are shown, and that the server returns at once. */
export const MOST = 500;

/** Events without a gap between them, newest first. */
export interface Shown {
  events: readonly ListedEvent[];
  /** The number below which there are more. */
  before: number | undefined;
}

/** Return how many of the newest events bring everything up to date that is shown. */
export function sizeOf(shown: Shown | null): number {
  return Math.min(Math.max(shown?.events.length ?? 0, PAGE), MOST);
}

/**
 * Put the newest events in place of those that were shown; the older ones stay.
 *
 * What the page should hold and does not is gone. Where more came than the page holds, what was
 * shown goes, too: between the two there would be a gap.
 */
export function renewed(shown: Shown | null, page: EventPage): Shown {
  const last = page.events.at(-1)?.number;
  if (!shown || page.before === undefined || last === undefined) return ofPage(page);
  const meets = (shown.events[0]?.number ?? 0) >= last;
  if (!meets) return ofPage(page);
  const older = shown.events.filter(({ number }) => number < last);
  if (older.length === 0) return ofPage(page);
  return bounded({ events: [...page.events, ...older], before: shown.before });
}

/** Put older events at the end; those that came twice stand once. */
export function extended(shown: Shown | null, page: EventPage): Shown {
  if (!shown) return ofPage(page);
  const last = shown.events.at(-1)?.number ?? Number.POSITIVE_INFINITY;
  const older = page.events.filter(({ number }) => number < last);
  return bounded({ events: [...shown.events, ...older], before: page.before });
}

function ofPage({ events, before }: EventPage): Shown {
  return { events, before };
}

function bounded({ events, before }: Shown): Shown {
  if (events.length <= MOST) return { events, before };
  const kept = events.slice(0, MOST);
  return { events: kept, before: kept.at(-1)?.number };
}
