import { Icon } from "../elements/icon";
import type { Scope } from "./session";
import { words } from "./words";
import "./session.css";

await words.load();

/** In place of what somebody may not do: what it is, and who can allow it. */
export function Lacking({ scope }: { scope: Scope }) {
  const { acts, lacks } = words();
  return (
    <p class="session-lacking" role="note">
      <Icon name="warning" />
      <span>{lacks(acts[scope], scope)}</span>
    </p>
  );
}
