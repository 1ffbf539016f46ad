import { useEffect, useRef } from "preact/hooks";
import { isEmpty, missing } from "../../charts/drawn";
import type { Picture } from "../../pictures/pictures";
import { shown } from "../../pictures/shown";
import { words } from "../words";
import { alternativeText } from "./alternative";
import { drawingSince, newStyle, problem } from "./drawing";
import { Patience } from "./patience";
import { Trouble } from "./trouble";
import { zoom } from "./zoom";

/** Where the picture is: the last one stays until the next is there. */
export function Stage() {
  const picture = shown.value;
  const outdated = problem.value !== null || missing.value.length > 0;
  return (
    <div class="preview-stage" data-zoom={zoom.value} aria-busy={drawingSince.value !== null}>
      {drawingSince.value !== null && <div class="preview-bar" />}
      {picture && !isEmpty.value ? <Shown picture={picture} outdated={outdated} /> : <Waiting />}
      <Patience />
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

function brighten(frame: HTMLElement | null): void {
  frame?.animate(
    [{ boxShadow: "0 0 0 3px var(--ember)" }, { boxShadow: "0 0 0 3px transparent" }],
    {
      duration: 1_400,
      easing: "ease-out",
    },
  );
}

function Waiting() {
  if (!isEmpty.value) return <div class="preview-frame" />;
  return (
    <div class="preview-empty">
      <svg viewBox="0 0 120 72" aria-hidden="true">
        <path class="preview-empty-axes" d="M10 6v56h104" />
        <path class="preview-empty-curve" d="M16 50l18-14 16 8 20-26 16 12 22-20" />
        <g class="preview-empty-marks">
          <circle cx="16" cy="50" r="3" />
          <circle cx="34" cy="36" r="3" />
          <circle cx="50" cy="44" r="3" />
          <circle cx="70" cy="18" r="3" />
          <circle cx="86" cy="30" r="3" />
          <circle cx="108" cy="10" r="3" />
        </g>
      </svg>
      <p class="preview-empty-title">{words().emptyTitle}</p>
      <p class="quiet">{words().emptyHint}</p>
    </div>
  );
}
