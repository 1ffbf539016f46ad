import { useEffect, useState } from "preact/hooks";
import { canRedo, canUndo, draft, redo, undo } from "../../charts/current";
import { spec } from "../../charts/drawn";
import { Icon } from "../../elements/icon";
import { shown } from "../../pictures/shown";
import { notify } from "../../shell/notices";
import { addShortcuts } from "../../shell/shortcuts";
import { PREVIEW_FORMATS, type PreviewFormat, previewFormat, problem } from "./drawing";
import { StyleChoice } from "./style_choice";
import { words } from "./words";
import { step, ZOOMS, zoom } from "./zoom";

/** What may be done to the whole chart, and how it is looked at. */
export function Tools() {
  useEffect(() => addShortcuts(SHORTCUTS), []);
  return (
    <div class="preview-tools">
      <div class="preview-group">
        <button
          type="button"
          class="bare"
          disabled={!canUndo.value}
          title={words().undo}
          aria-label={words().undo}
          onClick={undo}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          class="bare"
          disabled={!canRedo.value}
          title={words().redo}
          aria-label={words().redo}
          onClick={redo}
        >
          <Icon name="redo" />
        </button>
      </div>
      <StyleChoice />
      <ZoomChoice />
      <FormatChoice />
      <KeepButton />
    </div>
  );
}

function ZoomChoice() {
  return (
    <fieldset class="preview-zoom">
      <legend class="said">{words().zoom}</legend>
      {ZOOMS.map((size) => (
        <button
          key={size}
          type="button"
          aria-pressed={zoom.value === size}
          onClick={() => {
            zoom.value = size;
          }}
        >
          {words().zooms[size]}
        </button>
      ))}
    </fieldset>
  );
}

function FormatChoice() {
  return (
    <select
      class="preview-format"
      aria-label={words().format}
      value={previewFormat.value}
      onChange={({ currentTarget }) => {
        previewFormat.value = currentTarget.value as PreviewFormat;
      }}
    >
      {PREVIEW_FORMATS.map((format) => (
        <option key={format} value={format}>
          {format.toUpperCase()}
        </option>
      ))}
    </select>
  );
}

function KeepButton() {
  const [isBusy, setBusy] = useState(false);
  const act = () => {
    setBusy(true);
    void keepChart().finally(() => setBusy(false));
  };
  return (
    <button
      type="button"
      class="primary preview-keep"
      title={words().keepHint}
      disabled={!spec.value || isBusy}
      onClick={act}
    >
      <Icon name="keep" /> {words().keep}
    </button>
  );
}

/** Put the chart into the gallery, with its picture where it is that of the chart as it stands. */
async function keepChart(): Promise<void> {
  const wanted = spec.value;
  if (!wanted) return;
  try {
    const { keep } = await import("../../gallery/keep");
    await keep(draft.value, wanted, problem.value ? null : shown.value);
  } catch (error) {
    console.warn("the chart was not kept", error);
    notify(words().keepFailed);
  }
}

const SHORTCUTS = [
  { key: "Mod+z", label: () => words().undo, act: undo },
  { key: "Mod+Shift+z", label: () => words().redo, act: redo },
  { key: "Mod+y", label: () => words().redo, act: redo },
  { key: "Mod+s", label: () => words().keepHint, act: () => void keepChart() },
  { key: "+", label: () => words().zoomIn, act: () => step(1) },
  { key: "-", label: () => words().zoomOut, act: () => step(-1) },
  {
    key: "0",
    label: () => words().zoomFit,
    act: () => {
      zoom.value = "fit";
    },
  },
];
