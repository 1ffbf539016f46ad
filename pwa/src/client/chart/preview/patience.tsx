import { useEffect, useState } from "preact/hooks";
import { draft } from "../../charts/current";
import { spec } from "../../charts/drawn";
import type { Spec } from "../../charts/spec";
import { lazy } from "../../elements/lazy";
import { number } from "../../language/formats";
import { cancel, drawAgain, drawingSince, isCanceled } from "./drawing";
import { words } from "./words";

/** Milliseconds after which a wait is told, and after which the chart may become a job. */
const LONG = 1_000;
const VERY_LONG = 4_000;

const Offer = lazy(
  () => import("./offer").then((part) => part.Offer),
  () => null,
);

/** What is happening, and the way out, when drawing takes longer than a second. */
export function Patience() {
  const since = drawingSince.value;
  const waited = useElapsed(since);
  if (isCanceled.value) return <Canceled />;
  if (since === null || waited < LONG) return null;
  const seconds = number(waited / 1000, 0);
  const happening = draft.value.template
    ? words().slowTemplate(seconds)
    : words().slow(seconds, number(valuesIn(spec.value), 0));
  return (
    <div class="preview-note" role="status">
      <span>{happening}</span>
      {waited >= VERY_LONG && <Offer />}
      <button type="button" onClick={cancel}>
        {words().cancel}
      </button>
    </div>
  );
}

function Canceled() {
  return (
    <div class="preview-note" role="status">
      <span>{words().canceled}</span>
      <button type="button" onClick={drawAgain}>
        {words().drawAgain}
      </button>
    </div>
  );
}

/** Return the milliseconds since a moment, told anew every second. */
function useElapsed(since: number | null): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (since === null) return;
    const tick = setInterval(() => setNow(performance.now()), LONG);
    return () => clearInterval(tick);
  }, [since]);
  return since === null ? 0 : Math.max(0, now - since);
}

/** Count the values of a spec: of its table, where it has one, else of its lists. */
function valuesIn(drawn: Spec | null): number {
  const { data, x, y, z, series } = drawn ?? {};
  return cellsIn(data ?? [x, y, z, series]);
}

function cellsIn(value: unknown): number {
  if (Array.isArray(value)) {
    const nested = typeof value[0] === "object" || typeof value.at(-1) === "object";
    return nested ? value.reduce((sum: number, one) => sum + cellsIn(one), 0) : value.length;
  }
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, one) => sum + cellsIn(one), 0);
}
