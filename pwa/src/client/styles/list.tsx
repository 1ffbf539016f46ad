import { useEffect, useState } from "preact/hooks";
import { Icon } from "../elements/icon";
import { isForNow } from "../http/problems";
import type { ListedStyle } from "../http/styles";
import { may } from "../session/session";
import { hrefOf } from "../shell/routes";
import { list, listProblem, refreshList, said } from "./desk";
import { keptNames } from "./kept";
import { NewStyle } from "./new_style";
import { State } from "./parts/state";
import { Swatches } from "./parts/swatches";
import { Lacking, mayWrite, Refused } from "./permission";
import { watchStyles } from "./watching";
import { words } from "./words";

/** Every style, with what serves and what is wrong with it. */
export function StyleList() {
  const [creating, setCreating] = useState(false);
  useEffect(watchStyles, []);
  useEffect(() => void refreshList(), []);
  const { title, lead, newStyle } = words();
  return (
    <div class="styles-list">
      <header class="styles-top">
        <div>
          <h1>{title}</h1>
          <p class="quiet">{lead}</p>
        </div>
        {mayWrite() && (
          <button type="button" class="primary" onClick={() => setCreating(true)}>
            <Icon name="plus" /> {newStyle}
          </button>
        )}
      </header>
      {!mayWrite() && may("styles:read") && <Lacking scope="styles:write" />}
      <Trouble />
      <Styles />
      <NewStyle open={creating} origin="default" onClose={() => setCreating(false)} />
    </div>
  );
}

/** Why the list is old, or is not there. */
function Trouble() {
  const { notLoaded, retry, unreachable } = words();
  const problem = listProblem.value;
  if (problem?.status === 403) return <Lacking scope="styles:read" />;
  if (problem && isForNow(problem)) {
    return <Refused problem={problem} retry={() => void refreshList()} />;
  }
  if (problem && !list.value) {
    return (
      <p class="styles-note bad" role="alert">
        {notLoaded} {said(problem)}{" "}
        <button type="button" class="link" onClick={() => void refreshList()}>
          {retry}
        </button>
      </p>
    );
  }
  if (!list.value || list.value.reachable) return null;
  return <p class="styles-note">{unreachable(list.value.fault ?? "")}</p>;
}

function Styles() {
  const { loading, list: labels } = words();
  if (!list.value) return listProblem.value ? null : <p class="quiet">{loading}</p>;
  const stored = list.value.styles;
  const fresh = keptNames().filter((name) => !stored.some((style) => style.name === name));
  const only = stored.length === 1 && stored[0]?.version === "0";
  return (
    <>
      <ul class="styles-rows">
        {fresh.map((name) => (
          <li key={name}>
            <Row style={{ name, version: "0", state: "builtin" }} unstored />
          </li>
        ))}
        {stored.map((style) => (
          <li key={style.name}>
            <Row style={style} />
          </li>
        ))}
      </ul>
      {only && (
        <p class="quiet styles-seeds">
          {labels.seeds} <code>plotkiln styles seed</code>
        </p>
      )}
    </>
  );
}

function Row({ style, unstored }: { style: ListedStyle; unstored?: boolean }) {
  const { list: labels, version } = words();
  const unsaved = keptNames().includes(style.name);
  return (
    <article class="styles-row">
      <a class="styles-name" href={hrefOf("styles", style.name)}>
        {style.name}
      </a>
      <Swatches colors={style.palette ?? []} />
      <div class="styles-facts">
        {unstored ? <State style={undefined} /> : <State style={style} />}
        {style.version !== "0" && <span>{version(style.version)}</span>}
        {style.extends && (
          <span>
            {labels.extends} {style.extends}
          </span>
        )}
        {style.draft_of && <span class="styles-tag">{labels.draftOf(style.draft_of)}</span>}
        {unsaved && !unstored && <span class="styles-tag">{labels.unsaved}</span>}
      </div>
      {style.fault && <p class="fault">{style.fault}</p>}
      {style.warnings?.map((warning) => (
        <p key={warning} class="warning">
          {warning}
        </p>
      ))}
    </article>
  );
}
