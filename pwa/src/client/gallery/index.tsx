import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../elements/icon";
import type { View } from "../shell/routes";
import { hrefOf } from "../shell/routes";
import { isNearlyFull, measureSpace, space } from "../store/space";
import { exportAll, importFile } from "./actions";
import { Card } from "./card";
import { charts, readCharts } from "./saved";
import { isFound } from "./search";
import { words } from "./words";
import "./gallery.css";

function Gallery() {
  useEffect(() => void measureSpace(), []);
  useEffect(readAgainOnFocus, []);
  return (
    <div class="gallery">
      <header class="gallery-head">
        <h1>{words().title}</h1>
        {charts.value.length > 0 && <p class="quiet">{words().count(charts.value.length)}</p>}
      </header>
      {isNearlyFull(space.value) && (
        <p class="gallery-full" role="alert">
          <Icon name="warning" /> {words().nearlyFull}
        </p>
      )}
      {charts.value.length > 0 ? <Kept /> : <Empty />}
    </div>
  );
}

/** Another window may have kept something. */
function readAgainOnFocus(): () => void {
  const read = () => void readCharts();
  addEventListener("focus", read);
  return () => removeEventListener("focus", read);
}

function Kept() {
  const query = useSignal("");
  const found = charts.value.filter((chart) =>
    isFound(chart, query.value, words().kinds[chart.draft.kind]),
  );
  return (
    <>
      <div class="gallery-bar">
        <label class="gallery-search">
          <Icon name="search" />
          <span class="said">{words().search}</span>
          <input
            type="search"
            placeholder={words().searchHint}
            value={query.value}
            onInput={(event) => (query.value = event.currentTarget.value)}
          />
        </label>
        <Import label={words().importFile} />
        <button type="button" onClick={exportAll}>
          <Icon name="download" /> {words().exportAll}
        </button>
      </div>
      <p class="said" role="status">
        {query.value.trim() && words().found(found.length)}
      </p>
      {found.length > 0 ? (
        <ul class="gallery-cards">
          {found.map((chart) => (
            <Card key={chart.id} chart={chart} />
          ))}
        </ul>
      ) : (
        <p class="gallery-none">
          {words().nothingFound(query.value.trim())}{" "}
          <button type="button" class="link" onClick={() => (query.value = "")}>
            {words().showAll}
          </button>
        </p>
      )}
    </>
  );
}

function Empty() {
  return (
    <div class="gallery-empty">
      <Icon name="gallery" />
      <h2>{words().empty}</h2>
      <p class="quiet">{words().emptyHint}</p>
      <div class="row">
        <a class="button gallery-first" href={hrefOf("chart")}>
          {words().emptyAct}
        </a>
        <Import label={words().emptyImport} />
      </div>
    </div>
  );
}

function Import({ label }: { label: string }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => field.current?.click()}>
        <Icon name="upload" /> {label}
      </button>
      <input
        ref={field}
        type="file"
        hidden
        aria-label={label}
        accept=".json,application/json"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) void importFile(file);
        }}
      />
    </>
  );
}

const view: View = {
  component: Gallery,
  load: () => Promise.all([words.load(), readCharts()]),
};

export default view;
