/** Take the chart elsewhere: as a file, a picture, an address, a command, a script, a document. */

import type { ComponentType } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { Icon, type IconName } from "../../elements/icon";
import { lazy } from "../../elements/lazy";
import { may, session } from "../../session/session";
import { addShortcuts } from "../../shell/shortcuts";
import { EmbedReach, GoodUntil } from "./embed";
import { format, OFFERED_FORMATS } from "./format";
import { SizeFields } from "./size";
import { outcome, stateOf, type Task } from "./task";
import {
  copyAddress,
  copyAsPicture,
  copyCurl,
  copyHtml,
  copyPython,
  download,
  drawBehind,
} from "./tasks";
import { words } from "./words";
import "./export.css";

await words.load();

const Lacking = lazy(() => import("../../session/lacking").then((part) => part.Lacking), 40);

/** The last section of the chart view. */
export function Export() {
  const [asksJson, setAsksJson] = useState(false);
  const openJson = () => setAsksJson(true);
  useEffect(() => addShortcuts(shortcutsOf(openJson)), []);
  return (
    <div class="fields export">
      <FormatChoice />
      <SizeFields />
      <div class="export-main">
        <DownloadButton />
        <CopyButton task="picture" icon="copy" label={words().copyPicture} act={copyAsPicture} />
      </div>
      <Outcome />
      <div class="export-group">
        <h3>{words().embed}</h3>
        <EmbedReach />
        <div class="row">
          <CopyButton task="address" icon="link" label={words().copyAddress} act={copyAddress} />
          <CopyButton task="html" icon="code" label={words().copyHtml} act={copyHtml} />
        </div>
        <GoodUntil />
      </div>
      <div class="export-group">
        <h3>{words().code}</h3>
        {session.value?.identity && <p class="quiet">{words().codeHint}</p>}
        <div class="row">
          <CopyButton task="curl" icon="copy" label={words().copyCurl} act={copyCurl} />
          <CopyButton task="python" icon="copy" label={words().copyPython} act={copyPython} />
          <button type="button" onClick={openJson}>
            <Icon name="code" />
            {words().showJson}
          </button>
        </div>
      </div>
      <div class="export-group">
        <h3>{words().behind}</h3>
        {may("jobs") ? (
          <>
            <p class="quiet">{words().behindHint}</p>
            <div class="row">
              <JobButton />
            </div>
            <JobOutcome />
          </>
        ) : (
          <Lacking scope="jobs" />
        )}
      </div>
      {asksJson && <Json onClose={() => setAsksJson(false)} />}
    </div>
  );
}

function FormatChoice() {
  const name = useId();
  return (
    <fieldset class="export-formats">
      <legend class="label">{words().format}</legend>
      <div class="export-choices">
        {OFFERED_FORMATS.map((offered) => (
          <label key={offered}>
            <input
              type="radio"
              name={name}
              checked={format.value === offered}
              onChange={() => {
                format.value = offered;
              }}
            />
            <span>{offered.toUpperCase()}</span>
          </label>
        ))}
      </div>
      <p class="quiet">{words().formats[format.value]}</p>
    </fieldset>
  );
}

function DownloadButton() {
  const isRunning = stateOf("download") === "running";
  return (
    <button type="button" class="primary" aria-busy={isRunning} onClick={() => void download()}>
      <Icon name="download" />
      {isRunning ? words().drawing : words().download(format.value.toUpperCase())}
    </button>
  );
}

function JobButton() {
  return (
    <button
      type="button"
      aria-busy={stateOf("job") === "running"}
      onClick={() => void drawBehind()}
    >
      <Icon name="jobs" />
      {words().asJob}
    </button>
  );
}

interface CopyButtonProps {
  task: Task;
  icon: IconName;
  label: string;
  act: () => Promise<void>;
}

/** Says "copied" in its own place; its width is that of the longer word, so that nothing jumps. */
export function CopyButton({ task, icon, label, act }: CopyButtonProps) {
  const isDone = stateOf(task) === "done";
  return (
    <button
      type="button"
      class="export-copy"
      aria-label={label}
      aria-busy={stateOf(task) === "running"}
      onClick={() => void act()}
    >
      <Icon name={isDone ? "check" : icon} />
      <span class="export-words">
        <span class={isDone ? "export-unseen" : ""}>{label}</span>
        <span class={isDone ? "" : "export-unseen"} aria-hidden="true">
          {words().copied}
        </span>
      </span>
    </button>
  );
}

/** What happened, for ears, whatever it was about; for eyes where it failed. */
function Outcome() {
  return (
    <>
      {outcome.value?.task !== "job" && <Fault />}
      <p class="said" role="status">
        {outcome.value?.text}
      </p>
    </>
  );
}

/** What became of a job, at its button. */
function JobOutcome() {
  const { state, task, text } = outcome.value ?? {};
  if (task !== "job") return null;
  return state === "done" ? <p class="quiet">{text}</p> : <Fault />;
}

function Fault() {
  const { state, text } = outcome.value ?? {};
  return state === "failed" ? <p class="fault">{text}</p> : null;
}

/** The dialog is fetched when it is asked for. */
function Json({ onClose }: { onClose: () => void }) {
  const [Dialog, setDialog] = useState<ComponentType<{ onClose: () => void }> | null>(null);
  useEffect(() => {
    void import("./json_dialog").then((loaded) => setDialog(() => loaded.JsonDialog));
  }, []);
  return Dialog && <Dialog onClose={onClose} />;
}

/** Single keys: those with Ctrl are the browser's own. */
function shortcutsOf(openJson: () => void) {
  return [
    { key: "d", label: () => words().download(format.value.toUpperCase()), act: download },
    { key: "c", label: () => words().copyPicture, act: copyAsPicture },
    { key: "e", label: () => words().copyAddress, act: copyAddress },
    { key: "j", label: () => words().showJson, act: openJson },
  ].map(({ key, label, act }) => ({ key, label, act: () => void act() }));
}
