import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { change, draft } from "../../charts/current";
import { type ListedStyle, listStyles } from "../../http/styles";
import { newStyle } from "./drawing";
import { words } from "./words";

const DEFAULT = "default";

const styles = signal<readonly ListedStyle[]>([]);

/** In which style the chart is drawn, with that style's colours. */
export function StyleChoice() {
  useEffect(() => refresh(), [newStyle.value]);
  const chosen = draft.value.refinement.style ?? DEFAULT;
  const listed = styles.value.map(({ name }) => name);
  const names = listed.includes(chosen) ? listed : [chosen, ...listed];
  const palette = styles.value.find(({ name }) => name === chosen)?.palette ?? [];
  return (
    <div class="preview-style">
      <span class="preview-swatch" aria-hidden="true">
        {palette.slice(0, 5).map((color) => (
          <span key={color} style={{ background: color }} />
        ))}
      </span>
      <select
        aria-label={words().style}
        value={chosen}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function choose(name: string): void {
  const { style: _, ...others } = draft.value.refinement;
  change("style", { refinement: name === DEFAULT ? others : { ...others, style: name } });
}

function refresh(): () => void {
  const asking = new AbortController();
  listStyles(asking.signal)
    .then((list) => {
      styles.value = list.styles.filter(({ draft_of }) => !draft_of);
    })
    // Without the list the chosen style still stands; the picture says what is wrong.
    .catch(() => undefined);
  return () => asking.abort();
}
