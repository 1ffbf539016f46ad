import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { Icon } from "./icon";
import "./section.css";

const REMEMBERED = "plotkiln.folded";

interface SectionProps {
  /** Under which name it is remembered whether it is folded. */
  name: string;
  title: string;
  /** What is in it, in a few words, while it is folded. */
  summary?: string | undefined;
  children: ComponentChildren;
}

/** A part of a view under a heading that folds it; what is folded stays folded. */
export function Section({ name, title, summary, children }: SectionProps) {
  const id = useId();
  const [open, setOpen] = useState(() => !folded().includes(name));
  const toggle = () => {
    setOpen(!open);
    remember(name, open);
  };
  return (
    <section class="section" aria-labelledby={`${id}-title`}>
      <h2>
        <button type="button" aria-expanded={open} aria-controls={`${id}-body`} onClick={toggle}>
          <Icon name="chevron" />
          <span id={`${id}-title`}>{title}</span>
          {!open && summary && <span class="section-summary">{summary}</span>}
        </button>
      </h2>
      <div id={`${id}-body`} class="section-body" hidden={!open}>
        {children}
      </div>
    </section>
  );
}

function folded(): string[] {
  return (localStorage.getItem(REMEMBERED) ?? "").split(" ").filter(Boolean);
}

function remember(name: string, isFolded: boolean): void {
  const others = folded().filter((other) => other !== name);
  localStorage.setItem(REMEMBERED, (isFolded ? [...others, name] : others).join(" "));
}
