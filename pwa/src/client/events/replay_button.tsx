import { Icon } from "../elements/icon";
import type { ListedEvent } from "../http/events";
import { replay, replaying } from "./list";
import { look } from "./looking";
import { words } from "./words";

/** Delivers an event once more; plain where it failed, else only a drawing. */
export function ReplayButton({ of: { number, deliveries } }: { of: ListedEvent }) {
  const failed = deliveries.some(({ state }) => state === "dead");
  const busy = replaying.value.has(number);
  return (
    <button
      type="button"
      class={failed ? "events-replay" : "events-replay bare"}
      aria-label={words().replayOf(number)}
      aria-disabled={busy}
      title={failed ? undefined : words().replayOf(number)}
      onClick={() => void replay(number).then(look)}
    >
      <Icon name="fresh" />
      {failed && words().replay}
    </button>
  );
}
