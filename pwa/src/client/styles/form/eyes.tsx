import { rgbOf } from "../eyes/colors";
import { alike, hex, type Rgb, seenBy, VISIONS, type Vision } from "../eyes/eyesight";
import { words } from "../words";

/** The palette as people see it who lack one kind of cones, and which colours are alike to them. */
export function Eyes({ colors }: { colors: readonly string[] }) {
  const palette = colors.map((color) => rgbOf(color)).filter((color) => color !== null);
  const labels = words().eyes;
  if (palette.length < 2) return null;
  return (
    <div class="styles-eyes">
      <h3>{labels.title}</h3>
      <dl>
        <Sight name={labels.everybody} palette={palette} />
        {VISIONS.map((vision) => (
          <Sight key={vision} name={labels[vision]} palette={palette} vision={vision} />
        ))}
      </dl>
    </div>
  );
}

interface SightProps {
  name: string;
  palette: readonly Rgb[];
  vision?: Vision;
}

function Sight({ name, palette, vision }: SightProps) {
  const labels = words().eyes;
  const seen = vision ? palette.map((color) => seenBy(vision, color)) : palette;
  const pairs = alike(palette, vision).map(([one, other]) => labels.and(one + 1, other + 1));
  const more = pairs.length > 3 ? " …" : "";
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="styles-seen" aria-hidden="true">
          {seen.map((color, place) => (
            <i key={place} style={{ background: hex(color) }} />
          ))}
        </span>
        <span class={pairs.length ? "warning" : "quiet"}>
          {pairs.length ? labels.alike(pairs.slice(0, 3).join(", ") + more) : labels.apart}
        </span>
      </dd>
    </div>
  );
}
