import type { Signal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { mayWrite } from "./permission";
import { words } from "./words";

export type Pane = "form" | "json" | "history";

/** Whether form and JSON have room side by side. */
const WIDE = "(min-width: 1100px)";

/** Follow the width of the window. */
export function useWide(): Signal<boolean> {
  const wide = useSignal(matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const follow = () => {
      wide.value = query.matches;
    };
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, [wide]);
  return wide;
}

interface Props {
  wide: boolean;
  pane: Pane;
  onChoose: (pane: Pane) => void;
  children: ComponentChildren;
}

/** Tabs over what is worked on; arrow keys go from one to the next. */
export function Panes({ wide, pane, onChoose, children }: Props) {
  const { panes } = words();
  const names: readonly Pane[] = wide ? ["form", "history"] : ["form", "json", "history"];
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = by && names[(names.indexOf(pane) + by + names.length) % names.length];
    if (!next) return;
    onChoose(next);
    document.getElementById(`pane-${next}`)?.focus();
  };
  return (
    <div class="styles-panes">
      <div class="styles-tabs" role="tablist" aria-label={panes.label} onKeyDown={step}>
        {names.map((name) => (
          <button
            key={name}
            id={`pane-${name}`}
            type="button"
            role="tab"
            class="styles-tab"
            aria-selected={name === pane}
            aria-controls="styles-pane"
            tabIndex={name === pane ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {name === "form" && wide && mayWrite() ? panes.edit : panes[name]}
          </button>
        ))}
      </div>
      <div id="styles-pane" role="tabpanel" aria-labelledby={`pane-${pane}`}>
        {children}
      </div>
    </div>
  );
}
