import { useState } from "preact/hooks";
import { Icon } from "../elements/icon";
import { changed, desk, dirty, listed, redo, tree, undo } from "./desk";
import { serverFaults } from "./faults";
import { NewStyle } from "./new_style";
import { busy, discard, publish, remove, save, saveDraft, why } from "./saving";
import { words } from "./words";

/** What can be done with the edits. */
export function DeskBar() {
  const labels = words().desk;
  const now = desk.value;
  if (!now) return null;
  const stored = now.base.version !== "0";
  const savable = (dirty.value || !stored) && !busy.value && tree.value !== null;
  const draft = listed.value?.draft_of ?? draftOf(now.name);
  return (
    <div class="styles-bar">
      <p class="styles-standing" role="status">
        <Standing />
      </p>
      <div class="row">
        <button
          type="button"
          class="bare"
          aria-label={labels.undo}
          title={labels.undo}
          disabled={!now.past.length}
          onClick={undo}
        >
          <span aria-hidden="true">↶</span>
        </button>
        <button
          type="button"
          class="bare"
          aria-label={labels.redo}
          title={labels.redo}
          disabled={!now.future.length}
          onClick={redo}
        >
          <span aria-hidden="true">↷</span>
        </button>
        <input
          class="styles-why"
          aria-label={labels.why}
          placeholder={labels.why}
          maxLength={1000}
          value={why.value}
          onInput={(event) => (why.value = event.currentTarget.value)}
        />
        {!draft && (
          <button type="button" disabled={!savable} onClick={() => void saveDraft()}>
            {labels.saveDraft}
          </button>
        )}
        {draft && stored && (
          <button
            type="button"
            disabled={dirty.value || busy.value}
            title={dirty.value ? labels.publishFirst : undefined}
            onClick={() => void publish(draft)}
          >
            <Icon name="upload" /> {labels.publish}
          </button>
        )}
        <button type="button" class="primary" disabled={!savable} onClick={() => void save()}>
          {labels.save}
        </button>
        <More stored={stored} />
      </div>
    </div>
  );
}

/** What is seldom wanted. */
function More({ stored }: { stored: boolean }) {
  const labels = words().desk;
  const [copying, setCopying] = useState(false);
  const name = desk.value?.name ?? "default";
  return (
    <details class="styles-more">
      <summary aria-label={labels.more} title={labels.more}>
        <span aria-hidden="true">⋯</span>
      </summary>
      <div class="sheet">
        <button type="button" disabled={!dirty.value} onClick={discard}>
          {labels.discard}
        </button>
        <button type="button" onClick={() => setCopying(true)}>
          {labels.copy}
        </button>
        <button type="button" disabled={!stored || busy.value} onClick={() => void remove()}>
          <Icon name="trash" /> {labels.remove}
        </button>
      </div>
      <NewStyle open={copying} origin={name} onClose={() => setCopying(false)} />
    </details>
  );
}

function Standing() {
  const labels = words().desk;
  const { states } = words();
  if (!tree.value) return <span class="fault">{labels.brokenText}</span>;
  const faults = serverFaults.value?.length ?? 0;
  if (faults) return <span class="fault">{labels.faults(faults)}</span>;
  if (desk.value?.base.version === "0" && !dirty.value) return <>{states.unstored}</>;
  if (!dirty.value) return <>{labels.saved}</>;
  const count = changed.value?.length;
  return <>{count ? labels.changes(count) : labels.edited}</>;
}

function draftOf(name: string): string | null {
  return name.endsWith(".draft") ? name.slice(0, -".draft".length) : null;
}
