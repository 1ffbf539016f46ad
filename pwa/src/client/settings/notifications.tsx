import { areOff, permission, turn } from "../jobs/permission";
import { words } from "./words";

/** Whether the end of a job may be told by the system, and what the browser says of that. */
export function Notifications() {
  const { hints, switch: label } = words().notifications;
  const state = permission.value;
  const isPossible = state === "granted" || state === "default";
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={isPossible && !areOff.value}
          disabled={!isPossible}
          aria-describedby="settings-notifications"
          onChange={(event) => turn(event.currentTarget.checked)}
        />
        {label}
      </label>
      <p class="quiet settings-hint" id="settings-notifications">
        {hints[state]}
      </p>
    </>
  );
}
