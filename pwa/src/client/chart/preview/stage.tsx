import { useEffect, useRef } from "preact/hooks";
import { isEmpty } from "../../charts/current";
import { missing } from "../../charts/drawn";
import { chartJob } from "../../charts/job";
import { lazy } from "../../elements/lazy";
import type { Picture } from "../../pictures/pictures";
import { shown } from "../../pictures/shown";
import { alternativeText } from "./alternative";
import { drawingSince, newStyle, problem } from "./drawing";
import { EmptySheet } from "./empty_sheet";
import { Patience } from "./patience";
import { Trouble } from "./trouble";
import { zoom } from "./zoom";

const JobOfChart = lazy(
  () => import("./job_of_chart").then((part) => part.JobOfChart),
  () => null,
);

/** Where the picture is: the last one stays until the next is there. */
export function Stage() {
  const picture = shown.value;
  const outdated = problem.value !== null || missing.value.length > 0 || chartJob.value !== null;
  return (
    <div
      class="preview-stage"
      data-zoom={zoom.value}
      aria-busy={drawingSince.value !== null}
      tabIndex={-1}
    >
      {drawingSince.value !== null && !chartJob.value && <div class="preview-bar" />}
      {picture && !isEmpty.value ? <Shown picture={picture} outdated={outdated} /> : <EmptySheet />}
      {chartJob.value ? <JobOfChart /> : <Patience />}
      <Trouble />
    </div>
  );
}

function Shown({ picture, outdated }: { picture: Picture; outdated: boolean }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (newStyle.value) brighten(frame.current);
  }, [newStyle.value]);
  return (
    <div class="preview-frame" ref={frame} tabIndex={zoom.value === "fit" ? undefined : 0}>
      <img
        class={outdated ? "preview-picture outdated" : "preview-picture"}
        src={picture.src}
        alt={alternativeText()}
        onLoad={(event) => enlarge(event.currentTarget)}
        data-etag={picture.etag}
      />
    </div>
  );
}

/** At 200% a picture takes twice its pixels; at 100% and fitted the style sheet says it. */
function enlarge(image: HTMLImageElement): void {
  image.style.setProperty("--width", `${image.naturalWidth}px`);
}

const OUTLINE = { boxShadow: "0 0 0 3px var(--ember)" };

/** Outline a picture for a moment: fading, or still where less motion is asked for. */
function brighten(frame: HTMLElement | null): void {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const end = isStill ? OUTLINE : { boxShadow: "0 0 0 3px transparent" };
  frame?.animate([OUTLINE, end], { duration: 1_400, easing: "ease-out" });
}
