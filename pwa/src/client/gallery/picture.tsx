import { useEffect, useRef, useState } from "preact/hooks";
import { MEDIA_TYPES } from "../../shared/pictures";
import { Icon } from "../elements/icon";
import { online } from "../pictures/connection";
import { ask } from "../pictures/news";
import { sourceOf } from "../pictures/pictures";
import { findStored } from "../pictures/stored";
import type { SavedChart } from "../store/database";

/** A chart's stored picture; whether it is the newest is asked when it comes into sight. */
export function CardPicture({ chart }: { chart: SavedChart }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => askInSight(place.current, chart), [chart.id, online.value]);
  const source = useSource(chart);
  return (
    <span ref={place} class="gallery-picture">
      {source ? (
        <img src={source} alt={chart.draft.refinement.alt ?? chart.name} />
      ) : (
        <span class="quiet">
          <Icon name={chart.state === "failed" ? "warning" : "wait"} />
        </span>
      )}
    </span>
  );
}

/** Return the worker's address of a picture; a page without a worker reads the store itself. */
function useSource({ etag, picture, state }: SavedChart): string | null {
  const served = state === "drawn" && Boolean(navigator.serviceWorker?.controller);
  const [own, setOwn] = useState<string | null>(null);
  useEffect(() => {
    if (served || state !== "drawn") return undefined;
    let made: string | null = null;
    let gone = false;
    void findStored(picture).then(async (answer) => {
      if (!answer || gone) return;
      made = URL.createObjectURL(await answer.blob());
      setOwn(made);
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [served, state, picture, etag]);
  return served ? sourceOf(picture, etag) : own;
}

/** Ask once for each time that the gallery is open. */
function askInSight(place: Element | null, { format, picture, spec, state }: SavedChart) {
  if (!place || state !== "drawn" || !online.value) return undefined;
  const watcher = new IntersectionObserver((seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    watcher.disconnect();
    const body = JSON.stringify(spec);
    ask({ type: "revalidate", key: picture, body, accept: MEDIA_TYPES[format] });
  });
  watcher.observe(place);
  return () => watcher.disconnect();
}
