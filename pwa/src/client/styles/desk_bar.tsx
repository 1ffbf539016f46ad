import { useState } from "preact/hooks";
import { Icon } from "../elements/icon";
import { changed, desk, dirty, listed, redo, tree, undo } from "./desk";
import { serverFaults } from "./faults";
import { NewStyle } from "./new_style";
import { maySave } from "./permission";
import { busy, discard, publish, remove, save, saveDraft, why } from "./saving";
import { words } from "./words";

/** What can be done with the edits. */
export function DeskBar() {
  const labels = words().desk;
  const now = desk.value;
  if (!now) return null;
  const stored = now.base.version !== "0";
  const savable = (dirty.value || !stored) && canStore() && tree.value !== null;
  return (
    <div class="styles-bar">
      <p class="styles-standing" role="status">
        <Standing />
      </p>
      <div class="row">
        <Step label={labels.undo} sign="↶" steps={now.past} act={undo} />
        <Step label={labels.redo} sign="↷" steps={now.future} act={redo} />
        <input
          class="styles-why"
          aria-label={labels.why}
          placeholder={labels.why}
          maxLength={1000}
          value={why.value}
          onInput={(event) => (why.value = event.currentTarget.value)}
        />
        <ByDraft origin={listed.value?.draft_of ?? draftOf(now.name)} savable={savable} />
        <button type="button" class="primary" disabled={!savable} onClick={() => void save()}>
          {labels.save}
        </button>
        <More stored={stored} />
      </div>
    </div>
  );
}

/** Whether nothing else is being stored, and somebody is signed in. */
function canStore(): boolean {
  return !busy.value && maySave();
}

interface StepProps {
  label: string;
  sign: string;
  steps: readonly string[];
  act: () => void;
}

function Step({ label, sign, steps, act }: StepProps) {
  return (
    <button
      type="button"
      class="bare"
      aria-label={label}
      title={label}
      disabled={!steps.length}
      onClick={act}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

/** A style becomes a draft; a draft takes the place of the style that it is one of. */
function ByDraft({ origin, savable }: { origin: string | null; savable: boolean }) {
  const labels = words().desk;
  if (!origin) {
    return (
      <button type="button" disabled={!savable} onClick={() => void saveDraft()}>
        {labels.saveDraft}
      </button>
    );
  }
  if (desk.value?.base.version === "0") return null;
  return (
    <button
      type="button"
      disabled={dirty.value || !canStore()}
      title={dirty.value ? labels.publishFirst : undefined}
      onClick={() => void publish(origin)}
    >
      <Icon name="upload" /> {labels.publish}
    </button>
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
        <button type="button" disabled={!stored || !canStore()} onClick={() => void remove()}>
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
