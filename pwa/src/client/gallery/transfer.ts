/** The gallery as one file: out, and in again on another device. */

import { FORMATS, type Format } from "../../shared/pictures";
import { type Draft, EMPTY_DRAFT, KINDS } from "../charts/draft";
import type { SavedChart } from "../store/database";

const VERSION = 1;

/** Why a file is no gallery. */
export type FileFault = "notJson" | "notGallery" | "newer";

/** Nothing was taken from a file. */
export class BrokenFile extends Error {
  readonly fault: FileFault;

  constructor(fault: FileFault) {
    super(fault);
    this.fault = fault;
  }
}

/** A chart in a file: all but its picture, which is drawn anew. */
export type PortableChart = Pick<
  SavedChart,
  "id" | "name" | "draft" | "spec" | "format" | "created" | "changed"
>;

/** What a file holds. */
export interface Gallery {
  charts: readonly PortableChart[];
  /** Names, or numbers where these are missing, of charts that could not be read. */
  broken: readonly string[];
}

/** Write charts down. */
export function written(charts: readonly SavedChart[]): string {
  const portable = charts.map(({ id, name, draft, spec, format, created, changed }) => ({
    id,
    name,
    draft,
    spec,
    format,
    created,
    changed,
  }));
  return JSON.stringify({ plotkiln: "gallery", version: VERSION, charts: portable }, null, 1);
}

/** Read a file; throws `BrokenFile` when it is none of ours. Single broken charts are named. */
export function readGallery(text: string): Gallery {
  const file = parsed(text);
  if (!isRecord(file) || file.plotkiln !== "gallery" || !Array.isArray(file.charts)) {
    throw new BrokenFile("notGallery");
  }
  if (Number(file.version) > VERSION) throw new BrokenFile("newer");
  const read = file.charts.map((chart: unknown) => readPortable(chart));
  const broken = file.charts.flatMap((chart: unknown, index) =>
    read[index] ? [] : [(isRecord(chart) && isText(chart.name) && chart.name) || `#${index + 1}`],
  );
  return { charts: read.filter((chart) => chart !== null), broken };
}

/** Return what a file adds: nothing that is here already, and nothing in place of what is here. */
export function added(
  here: readonly SavedChart[],
  read: readonly PortableChart[],
  newId: () => string,
): PortableChart[] {
  const taken = new Set(here.map(({ id }) => id));
  return read
    .filter((chart) => !here.some((known) => isEqual(known, chart)))
    .map((chart) => (taken.has(chart.id) ? { ...chart, id: newId() } : chart));
}

function isEqual(one: PortableChart, other: PortableChart): boolean {
  const content = ({ name, draft, spec }: PortableChart) => JSON.stringify([name, draft, spec]);
  return content(one) === content(other);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BrokenFile("notJson");
  }
}

function readPortable(chart: unknown): PortableChart | null {
  if (!isRecord(chart)) return null;
  const { id, name, spec, format, created, changed } = chart;
  const draft = readDraft(chart.draft);
  if (!isText(id) || !isText(name) || !isRecord(spec) || !draft) return null;
  return {
    id,
    name,
    draft,
    spec,
    format: FORMATS.find((known): known is Format => known === format) ?? "png",
    created: Number(created) || Date.now(),
    changed: Number(changed) || Date.now(),
  };
}

function readDraft(draft: unknown): Draft | null {
  if (!isRecord(draft) || !isRecord(draft.source) || !isText(draft.source.text)) return null;
  const parts = [draft.roles, draft.series, draft.refinement];
  if (!KINDS.some((kind) => kind === draft.kind) || !parts.every(isRecord)) return null;
  const source = { ...EMPTY_DRAFT.source, ...draft.source };
  return { ...EMPTY_DRAFT, ...draft, source } as Draft;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
