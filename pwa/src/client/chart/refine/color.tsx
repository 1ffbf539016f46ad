import { useId } from "preact/hooks";
import type { Annotation } from "../../charts/draft";
import { faultsAt } from "../fields/faults_at";
import { Frame } from "../fields/fields";
import { words } from "./words";

interface ColorProps {
  annotation: Annotation;
  path: string;
  onChange: (annotation: Annotation) => void;
}

/** The picker shows something where the style decides. */
const UNSAID = "#808080";

/** A colour as text, for names and places in the palette, and by the system's picker. */
export function Color({ annotation, path, onChange }: ColorProps) {
  const color = annotation.color ?? "";
  const picker = useId();
  const put = (to: string) => onChange(withColor(annotation, to));
  return (
    <Frame label={words().color} faults={faultsAt(`${path}.color`)}>
      {(ties) => (
        <div class="refine-color">
          <input
            id={picker}
            type="color"
            aria-label={words().pickColor}
            value={/^#[0-9a-f]{6}$/i.test(color) ? color : UNSAID}
            onInput={(event) => put(event.currentTarget.value)}
          />
          <input
            {...ties}
            type="text"
            value={color}
            placeholder={words().byStyle}
            onInput={(event) => put(event.currentTarget.value.trim())}
          />
        </div>
      )}
    </Frame>
  );
}

function withColor({ color: _, ...rest }: Annotation, color: string): Annotation {
  return color === "" ? rest : { ...rest, color };
}
