import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon } from "../elements/icon";
import { isForNow } from "../http/problems";
import { language } from "../language/language";
import { hrefOf } from "../shell/routes";
import { addShortcuts } from "../shell/shortcuts";
import { BrokenNote } from "./broken";
import { isOwn, startComparison } from "./comparison";
import { ConflictDialog } from "./conflict";
import { beginStyle, desk, deskProblem, listed, news, openStyle, redo, said, undo } from "./desk";
import { DeskBar } from "./desk_bar";
import { Form } from "./form/form";
import { History } from "./history";
import { followChain } from "./inherited";
import { JsonPane } from "./json_pane";
import { type Pane, Panes, useWide } from "./panes";
import { Comparison } from "./parts/comparison";
import { State } from "./parts/state";
import { Lacking, maySave, mayWrite, Refused } from "./permission";
import { bringBack, conflict, save } from "./saving";
import { watchStyles } from "./watching";
import { words } from "./words";
import "./desk.css";
import "./versions.css";

const SHORTCUTS = [
  { key: "Mod+s", label: () => words().desk.save_key, act: () => void (maySave() && save()) },
  { key: "Mod+z", label: () => words().desk.undo_key, act: undo },
  { key: "Mod+Shift+z", label: () => words().desk.redo_key, act: redo },
  { key: "Mod+y", label: () => words().desk.redo_key, act: redo },
];

/** One style: its members as form and JSON, what they do to a chart, what became of it. */
export function DeskView({ name }: { name: string }) {
  useEffect(() => void openStyle(name), [name]);
  useEffect(watchStyles, []);
  useEffect(followChain, []);
  useEffect(startComparison, []);
  useEffect(() => addShortcuts(SHORTCUTS), []);
  if (desk.value?.name !== name) return <Missing name={name} />;
  return (
    <div class="styles-desk">
      <Head name={name} />
      {!mayWrite() && <Lacking scope="styles:write" />}
      <News />
      <BrokenNote />
      <div class="styles-bench">
        <Work />
        <Comparison own={isOwn.value} />
      </div>
      <ConflictDialog />
    </div>
  );
}

function Head({ name }: { name: string }) {
  const { desk: labels, version, list: lists } = words();
  const style = listed.value;
  const stored = desk.value?.base.version !== "0";
  return (
    <header class="styles-head">
      <div>
        <a class="styles-back" href={hrefOf("styles")}>
          <Icon name="styles" /> {labels.back}
        </a>
        <h1>{name}</h1>
        <div class="styles-facts">
          <State style={stored || style?.state === "builtin" ? style : undefined} />
          {stored && <span>{version(desk.value?.base.version ?? "")}</span>}
          {style?.extends && (
            <span>
              {lists.extends} <a href={hrefOf("styles", style.extends)}>{style.extends}</a>
            </span>
          )}
          {style?.draft_of && <span class="styles-tag">{lists.draftOf(style.draft_of)}</span>}
        </div>
      </div>
      {mayWrite() && <DeskBar />}
    </header>
  );
}

/** Somebody else wrote while there are edits here: nothing is lost, nothing is overwritten. */
function News() {
  const labels = words().news;
  const newer = news.value;
  if (!newer) return null;
  return (
    <p class="styles-note" role="status">
      <span>{newer.version === "0" ? labels.gone : labels.changed(newer.version)}</span>
      {newer.version !== "0" && (
        <button type="button" onClick={() => (conflict.value = newer)}>
          {labels.see}
        </button>
      )}
    </p>
  );
}

function Work() {
  const wide = useWide();
  const asked = useSignal<Pane>("form");
  const pane = useComputed<Pane>(() =>
    wide.value && asked.value === "json" ? "form" : asked.value,
  );
  return (
    <Panes wide={wide.value} pane={pane.value} onChoose={(chosen) => (asked.value = chosen)}>
      {pane.value === "history" ? (
        <History />
      ) : (
        <div class="styles-edit">
          {(wide.value || pane.value === "form") && <Form />}
          {(wide.value || pane.value === "json") && <JsonPane key={language.value} />}
        </div>
      )}
    </Panes>
  );
}

function Missing({ name }: { name: string }) {
  const { loading, retry, notLoaded, desk: labels } = words();
  const problem = deskProblem.value;
  if (!problem) return <p class="quiet styles-waiting">{loading}</p>;
  const create = () => {
    beginStyle(name, "{}\n");
    void openStyle(name);
  };
  if (problem.status === 403) return <Lacking scope="styles:read" />;
  if (isForNow(problem)) {
    return <Refused problem={problem} retry={() => void openStyle(name)} />;
  }
  if (problem.status !== 404) {
    return (
      <p class="styles-note bad" role="alert">
        {notLoaded} {said(problem)}
        <button type="button" onClick={() => void openStyle(name)}>
          {retry}
        </button>
      </p>
    );
  }
  return (
    <section class="styles-missing">
      <h1>{labels.missing(name)}</h1>
      {mayWrite() ? <p class="quiet">{labels.missingHint}</p> : <Lacking scope="styles:write" />}
      <div class="row">
        {mayWrite() && (
          <>
            <button type="button" class="primary" onClick={create}>
              {labels.createIt}
            </button>
            <button type="button" onClick={() => void bringBack(name).then(() => openStyle(name))}>
              {labels.bringBack}
            </button>
          </>
        )}
        <a href={hrefOf("styles")}>{labels.back}</a>
      </div>
    </section>
  );
}
