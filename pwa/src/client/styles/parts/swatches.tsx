import { hexOf } from "../eyes/colors";

/** Colours in a row; they say nothing that the words beside them do not. */
export function Swatches({ colors }: { colors: readonly string[] }) {
  return (
    <span class="styles-swatches" aria-hidden="true">
      {colors.map((color, place) => (
        <Swatch key={`${place} ${color}`} color={color} />
      ))}
    </span>
  );
}

/** One colour; crossed out where it is none. */
export function Swatch({ color }: { color: string }) {
  const shown = hexOf(color);
  return (
    <span
      class={shown ? "styles-swatch" : "styles-swatch none"}
      style={shown ? { background: shown } : {}}
    />
  );
}
