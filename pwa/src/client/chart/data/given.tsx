import { useState } from "preact/hooks";
import { change, table } from "../../charts/current";
import { readingFault } from "../../charts/reading";
import { Icon } from "../../elements/icon";
import { number } from "../../language/formats";
import { words } from "../words";
import { ColumnTypes, Misfits } from "./column_types";
import { FileButton } from "./file_button";
import { Marks } from "./marks";
import { TableView } from "./table_view";
import { clearData } from "./taking";
import { TextEditor } from "./text_editor";

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

/** The table: how large it is, what its columns are, its first rows. */
export function GivenData() {
  const [isEditing, setEditing] = useState(false);
  const fault = readingFault.value;
  const read = table.value;
  return (
    <>
      <div class="data-head">
        <p>{read && words().size(read.rows, read.columns.length, number(read.rows, 0))}</p>
        <button type="button" aria-pressed={isEditing} onClick={() => setEditing(!isEditing)}>
          {isEditing ? words().doneEditing : words().editText}
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
      {fault && <Fault kind={fault.kind} detail={fault.detail} />}
      {(isEditing || fault) && <TextEditor />}
      {read && (
        <>
          <ColumnTypes table={read} />
          <Misfits table={read} />
          {!isEditing && <TableView table={read} />}
          {!read.json && <Marks table={read} />}
        </>
      )}
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
