import { useEffect, useState } from "preact/hooks";
import { change, readingFault, table } from "../../charts/current";
import { reading } from "../../charts/reading";
import { Icon } from "../../elements/icon";
import { number } from "../../language/formats";
import { words } from "../words";
import { ColumnTypes, Misfits } from "./column_types";
import { FileButton } from "./file_button";
import { Marks } from "./marks";
import { TableView } from "./table_view";
import { clearData, editing } from "./taking";

/** A chart that has no table: it says itself what it draws. */
export function PastedSpec() {
  return (
    <div class="data-pasted">
      <p>
        <strong>{words().pastedSpec}</strong>
      </p>
      <p class="quiet">{words().pastedSpecHint}</p>
      <div class="row">
        <button type="button" onClick={() => change("data", { pasted: null })}>
          {words().useOwnData}
        </button>
      </div>
    </div>
  );
}

/** How large the table is, and what may be done with it as a whole. */
export function GivenHead() {
  const read = table.value;
  return (
    <div class="data-head">
      <p>
        {read && words().size(read.rows, read.columns.length, number(read.rows, 0))} <Reading />
      </p>
      <button
        type="button"
        aria-pressed={editing.value}
        onClick={() => {
          editing.value = !editing.value;
        }}
      >
        {editing.value ? words().doneEditing : words().editText}
      </button>
      <FileButton label={words().replace} />
      <button
        type="button"
        class="bare"
        aria-label={words().clear}
        title={words().clear}
        onClick={clearData}
      >
        <Icon name="trash" />
      </button>
    </div>
  );
}

/** Milliseconds after which somebody wonders: most tables are read sooner, and nothing flickers. */
const PATIENCE = 300;

/** Say that a large table is being read. */
function Reading() {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(reading.value), reading.value ? PATIENCE : 0);
    return () => clearTimeout(timer);
  }, [reading.value]);
  return (
    <span class="data-reading" role="status">
      {isLong && reading.value && words().reading}
    </span>
  );
}

/** What the columns are, what does not fit them, and the first rows. */
export function GivenTable() {
  const fault = readingFault.value;
  const read = table.value;
  if (fault) return <Fault kind={fault.kind} detail={fault.detail} />;
  if (!read) return null;
  return (
    <>
      <ColumnTypes table={read} />
      <Misfits table={read} />
      {!editing.value && <TableView table={read} />}
      {!read.json && <Marks table={read} />}
    </>
  );
}

function Fault({ kind, detail }: { kind: "json" | "shape" | "empty"; detail: string }) {
  return (
    <p class="fault" role="alert">
      {words().faults[kind]}
      {detail && <span class="data-detail"> ({detail})</span>}
    </p>
  );
}
