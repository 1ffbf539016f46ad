/** Before and after: a chart in the stored style and in the one on the desk, drawn as it is edited. */

import { computed, effect, signal } from "@preact/signals";
import { draft, resume } from "../charts/current";
import { EMPTY_DRAFT } from "../charts/draft";
import { spec as own } from "../charts/drawn";
import { startReading } from "../charts/reading";
import { type Fault, Problem } from "../http/problems";
import { type Preview, previewStyle } from "../http/styles";
import { drawNewest } from "../pictures/newest";
import { type Picture, release } from "../pictures/pictures";
import { asProblem, desk, dirty, list, listed, tree } from "./desk";
import { mayWrite } from "./permission";
import { SAMPLE } from "./sample";
import { writes } from "./saving";

/** Milliseconds without an edit after which a picture is drawn. */
const PAUSE = 300;

/** One side; the last picture stays until the next is there, and when there is none. */
export interface Side<P> {
  picture: P | null;
  problem: Problem | null;
  drawing: boolean;
}

export const before = signal<Side<Picture>>({ picture: null, problem: null, drawing: false });
export const after = signal<Side<Preview>>({ picture: null, problem: null, drawing: false });
/** The server's faults of the document, and the text that they are about. */
export const verdict = signal<{ text: string; faults: readonly Fault[] }>({ text: "", faults: [] });
/** The user's chart was refused, so that the sample is drawn instead. */
const refusedSpec = signal("");

/** Whether the user's own chart is drawn. */
export const isOwn = computed(() => own.value !== null && refusedSpec.value !== text(own.value));
export const isRefused = computed(() => own.value !== null && !isOwn.value);
/** What is drawn, without a style and a format of its own. */
export const spec = computed(() => {
  const { style: _style, format: _format, ...rest } = (isOwn.value && own.value) || SAMPLE;
  return rest;
});

/** The style that the other side is compared with: what a draft is a draft of, else itself. */
export const comparedWith = computed(() => {
  const name = desk.value?.name ?? "";
  const stored = desk.value?.base.version !== "0";
  const origin = listed.value?.draft_of ?? (stored || name === "default" ? name : null);
  return origin ?? "default";
});

/** Whether there are two sides: whoever only reads sees the stored one. */
export const isEdited = computed(() => mayWrite() || dirty.value);

/** Draw what is shown whenever they change, until the returned function is called. */
export function startComparison(): () => void {
  if (draft.value === EMPTY_DRAFT) void resume();
  const stops = [startReading(), effect(followBefore), effect(followAfter)];
  return () => {
    for (const stop of stops) stop();
    if (before.value.picture) release(before.value.picture);
    if (after.value.picture) URL.revokeObjectURL(after.value.picture.src);
    before.value = after.value = { picture: null, problem: null, drawing: false };
  };
}

/** The version of every style, since a look may come from others that it extends. */
const versions = computed(() =>
  JSON.stringify(list.value?.styles.map(({ name, version }) => [name, version]) ?? []),
);

function followBefore(): (() => void) | undefined {
  if (!currentName.value || writes.value < 0 || !versions.value) return;
  const asked = { ...spec.value, style: comparedWith.value };
  return paused(before, (aborting) => drawNewest(asked, "png", aborting), release);
}

const current = computed(() => (desk.value && tree.value ? desk.value.text : null));
const currentName = computed(() => desk.value?.name ?? "");

function followAfter(): (() => void) | undefined {
  const document = current.value;
  const [name, asked] = [currentName.value, spec.value];
  if (document === null || !isEdited.value) return;
  return paused(
    after,
    async (aborting) => {
      const picture = await judged(document, () => previewStyle(name, document, asked, aborting));
      return picture;
    },
    (picture) => URL.revokeObjectURL(picture.src),
  );
}

/** Ask for a preview and remember what the server says of the document. */
async function judged(text: string, ask: () => Promise<Preview>): Promise<Preview> {
  try {
    const picture = await ask();
    verdict.value = { text, faults: [] };
    return picture;
  } catch (error) {
    if (error instanceof Problem) condemn(text, error);
    throw error;
  }
}

function condemn(document: string, problem: Problem): void {
  const below = problem.faults.filter((fault) => /^style\b/.test(fault.path));
  const faults = below.map(({ path, message }) => ({
    path: path.replace(/^style\.?/, ""),
    message,
  }));
  if (faults.length) verdict.value = { text: document, faults };
  else if (own.value && problem.faults.length) refusedSpec.value = text(own.value);
}

/** Draw after a pause; a new call of the effect aborts what it outdates. */
function paused<P>(
  side: { value: Side<P> },
  ask: (aborting: AbortSignal) => Promise<P>,
  drop: (picture: P) => void,
): () => void {
  const abort = new AbortController();
  const timer = setTimeout(() => void drawInto(side, ask, drop, abort.signal), PAUSE);
  return () => {
    clearTimeout(timer);
    abort.abort();
  };
}

async function drawInto<P>(
  side: { value: Side<P> },
  ask: (aborting: AbortSignal) => Promise<P>,
  drop: (picture: P) => void,
  aborting: AbortSignal,
): Promise<void> {
  side.value = { ...side.value, drawing: true };
  try {
    const picture = await ask(aborting);
    const last = side.value.picture;
    side.value = { picture, problem: null, drawing: false };
    if (last) setTimeout(() => drop(last), 1000);
  } catch (error) {
    if (aborting.aborted) return;
    side.value = { ...side.value, problem: asProblem(error), drawing: false };
  }
}

function text(value: object): string {
  return JSON.stringify(value);
}
