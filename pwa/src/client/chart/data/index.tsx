import { draft, isEmpty, readingFault } from "../../charts/current";
import { lazy } from "../../elements/lazy";
import { words } from "../words";
import { FileButton } from "./file_button";
import { SampleList } from "./sample_list";
import { editing, fileFault } from "./taking";
import { TextEditor } from "./text_editor";
import "./data.css";

const GivenHead = lazy(() => import("./given").then((part) => part.GivenHead), 34);
const GivenTable = lazy(() => import("./given").then((part) => part.GivenTable), 350);
const PastedSpec = lazy(() => import("./given").then((part) => part.PastedSpec), 120);

/** The first section: what is drawn from, and how it was read. */
export function Data() {
  const { pasted, source } = draft.value;
  const isBlank = source.text.trim() === "";
  const isEditing = isBlank || editing.value || readingFault.value !== null;
  return (
    <div class="data">
      {fileFault.value && (
        <p class="fault" role="alert">
          {words().faults.file}
        </p>
      )}
      {pasted && <PastedSpec />}
      {!pasted && !isBlank && <GivenHead key="head" />}
      {!pasted && isEditing && <TextEditor key="text" isBlank={isBlank} />}
      {!pasted && !isBlank && <GivenTable key="table" />}
      {isEmpty.value && <Beginnings key="beginnings" />}
    </div>
  );
}

/** Other ways to begin than to paste. */
function Beginnings() {
  return (
    <>
      <div class="row">
        <FileButton label={words().chooseFile} />
        <span class="quiet data-drop">{words().orDrop}</span>
      </div>
      <SampleList />
    </>
  );
}
