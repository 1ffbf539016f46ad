import { useEffect, useRef, useState } from "preact/hooks";
import type { Format } from "../../shared/pictures";
import { Icon } from "../elements/icon";
import { ago, day, moment } from "../language/formats";
import { online } from "../pictures/connection";
import type { SavedChart } from "../store/database";
import { download, duplicate, openSaved, removeSaved, rename } from "./actions";
import { CardPicture } from "./picture";
import { words } from "./words";

interface Of {
  chart: SavedChart;
}

/** One kept chart. */
export function Card({ chart }: Of) {
  const [renaming, setRenaming] = useState(false);
  return (
    <li class="sheet gallery-card">
      <button
        type="button"
        class="gallery-open"
        aria-label={words().open(chart.name)}
        onClick={() => void openSaved(chart)}
      >
        <CardPicture chart={chart} />
      </button>
      <div class="gallery-text">
        {renaming ? (
          <Renaming chart={chart} onDone={() => setRenaming(false)} />
        ) : (
          <h2 title={chart.name}>{chart.name}</h2>
        )}
        <p class="quiet">
          {chart.draft.template?.name ?? words().kinds[chart.draft.kind]}
          {" · "}
          <time dateTime={new Date(chart.changed).toISOString()} title={moment(chart.changed)}>
            {words().changed(when(chart.changed))}
          </time>
        </p>
        <State chart={chart} />
      </div>
      <div class="gallery-acts">
        <Act icon="rename" label={words().rename} act={() => setRenaming(true)} />
        <Act icon="duplicate" label={words().duplicate} act={() => void duplicate(chart)} />
        <Downloads chart={chart} />
        <Act icon="trash" label={words().remove} act={() => void removeSaved(chart)} />
      </div>
    </li>
  );
}

/** Milliseconds after which a date says more than how long ago it was: a week. */
const LONG_AGO = 7 * 24 * 3_600_000;

function when(changed: number): string {
  return Date.now() - changed > LONG_AGO ? day(changed) : ago(changed);
}

interface ActProps {
  icon: "rename" | "duplicate" | "trash";
  label: string;
  act: () => void;
}

function Act({ icon, label, act }: ActProps) {
  return (
    <button type="button" class="bare" aria-label={label} title={label} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

function State({ chart }: Of) {
  const { fault, restyled, state } = chart;
  if (state === "queued") {
    const text = online.value ? words().drawing : words().queued;
    return <Note icon="wait" kind="waits" text={text} />;
  }
  if (state === "failed") {
    return <Note icon="warning" kind="fails" text={words().failed(fault ?? "")} />;
  }
  if (fault) return <Note icon="warning" kind="fails" text={words().notRedrawn(fault)} />;
  return restyled ? <Note icon="fresh" kind="news" text={words().restyled(restyled)} /> : null;
}

interface NoteProps {
  icon: "wait" | "warning" | "fresh";
  kind: string;
  text: string;
}

function Note({ icon, kind, text }: NoteProps) {
  return (
    <p class={`gallery-note ${kind}`}>
      <Icon name={icon} /> <span>{text}</span>
    </p>
  );
}

function Renaming({ chart, onDone }: Of & { onDone: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const left = useRef(false);
  useEffect(() => field.current?.select(), []);
  const finish = (name: string) => {
    if (left.current) return;
    left.current = true;
    void rename(chart, name).then(onDone);
  };
  return (
    <input
      ref={field}
      aria-label={words().newName}
      value={chart.name}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish(event.currentTarget.value);
        if (event.key === "Escape") finish(chart.name);
      }}
    />
  );
}

const DOWNLOADS: readonly Format[] = ["png", "svg", "pdf"];

function Downloads({ chart }: Of) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current?.removeAttribute("open");
  return (
    <details
      ref={menu}
      class="gallery-menu"
      onFocusOut={(event) => {
        if (!menu.current?.contains(event.relatedTarget as Node | null)) close();
      }}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <summary class="button bare" aria-label={words().download} title={words().download}>
        <Icon name="download" />
      </summary>
      <div class="sheet">
        {DOWNLOADS.map((format) => (
          <button
            key={format}
            type="button"
            class="bare"
            aria-label={words().downloadAs(chart.name, format.toUpperCase())}
            onClick={() => {
              close();
              void download(chart, format);
            }}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </div>
    </details>
  );
}
