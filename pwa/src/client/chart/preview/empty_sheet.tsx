import { isEmpty } from "../../charts/current";
import { words } from "../words";

/** The sheet before the first picture: where it will be, and how to get there. */
export function EmptySheet() {
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
