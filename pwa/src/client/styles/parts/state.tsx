import { Icon } from "../../elements/icon";
import type { ListedStyle } from "../../http/styles";
import { words } from "../words";

/** The state of a style, in words; its icon repeats them. */
export function State({ style }: { style: ListedStyle | undefined }) {
  const { states } = words();
  if (!style) return <span class="styles-state">{states.unstored}</span>;
  if (style.fault) {
    return (
      <span class="styles-state bad" title={style.fault}>
        <Icon name="warning" />
        {states.broken}, {states.stale}
      </span>
    );
  }
  return (
    <span class={`styles-state ${style.state}`}>
      <Icon name={style.state === "stale" ? "warning" : "check"} />
      {states[style.state]}
    </span>
  );
}
