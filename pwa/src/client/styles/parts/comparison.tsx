import type { ComponentChildren } from "preact";
import type { Json } from "../../../shared/json_tree";
import type { Preview } from "../../http/styles";
import type { Picture } from "../../pictures/pictures";
import { after, before, comparedWith, isEdited, isRefused, type Side, spec } from "../comparison";
import { desk, dirty, said, tree } from "../desk";
import { isObject } from "../document/differences";
import { look } from "../inherited";
import { words } from "../words";

/** The same chart in the stored style and in the one on the desk. */
export function Comparison({ own }: { own: boolean }) {
  const { compare } = words();
  const name = desk.value?.name ?? "";
  const shown = before.value.picture?.style || comparedWith.value;
  const unsaved = dirty.value || desk.value?.base.version === "0";
  return (
    <section class="styles-compare" aria-label={compare.label}>
      <Figure side={before.value} alt={compare.alt(comparedWith.value)}>
        {isEdited.value && <b>{compare.before}</b>} <span class="quiet">{shown}</span>
      </Figure>
      {isEdited.value && (
        <Figure side={after.value} alt={compare.altAfter(name)}>
          <b>{compare.after}</b>{" "}
          <span class="quiet">{unsaved ? compare.unsaved : compare.same}</span>
        </Figure>
      )}
      <p class="quiet styles-which">
        {isRefused.value ? compare.specFault : own ? compare.own : compare.sample}
      </p>
      <Said of={isEdited.value ? after.value : before.value} />
    </section>
  );
}

interface FigureProps {
  side: Side<{ src: string }>;
  alt: string;
  children: ComponentChildren;
}

function Figure({ side, alt, children }: FigureProps) {
  return (
    <figure class="styles-figure" aria-busy={side.drawing}>
      <figcaption>{children}</figcaption>
      <div class="sheet" style={{ aspectRatio: ratio() }}>
        {side.drawing && <i class="styles-running" />}
        {side.picture && <img src={side.picture.src} alt={alt} class={side.problem ? "old" : ""} />}
      </div>
    </figure>
  );
}

/** What there is to say of the picture that counts; the place for it is there before. */
function Said({ of: { picture, problem } }: { of: Side<Picture | Preview> }) {
  const { compare } = words();
  const warnings = picture?.warnings ?? [];
  return (
    <div class="styles-said" role="status">
      {!tree.value && <p class="quiet">{compare.waiting}</p>}
      {tree.value && problem && (
        <p class="fault">
          {said(problem)} {picture && compare.kept}
        </p>
      )}
      {!problem && picture?.state === "stale" && <p class="warning">{compare.stale}</p>}
      {!problem && warnings.length > 0 && (
        <p class="quiet">{compare.warnings(warnings.join("; "))}</p>
      )}
    </div>
  );
}

/** The shape of the picture, so that nothing moves when it comes. */
function ratio(): string {
  const size = spec.value.size as { width?: number; height?: number } | undefined;
  if (size?.width && size.height) return `${size.width} / ${size.height}`;
  const figure: Json | undefined = look.value.figure;
  const sides = isObject(figure) ? figure.figsize : null;
  const [width, height] = Array.isArray(sides) ? sides.map(Number) : [];
  return width && height ? `${width} / ${height}` : "10 / 6";
}
