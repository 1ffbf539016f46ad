import { useEffect, useState } from "preact/hooks";
import { carriesColumn } from "../columns/dragging";
import { words } from "../words";
import { takeFile, takeText } from "./taking";

/** The whole page takes files; what is shown only says so. */
export function DropArea() {
  const [isOver, setOver] = useState(false);
  useEffect(() => listenToDrops(setOver), []);
  return isOver ? <div class="chart-drop">{words().dropHere}</div> : null;
}

function listenToDrops(setOver: (isOver: boolean) => void): () => void {
  const over = (event: DragEvent) => {
    if (carriesColumn(event) || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  const leave = (event: DragEvent) => {
    if (event.relatedTarget === null) setOver(false);
  };
  const drop = (event: DragEvent) => {
    setOver(false);
    if (carriesColumn(event) || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    void takeFile(event.dataTransfer.files[0]);
  };
  const listening = new AbortController();
  const { signal } = listening;
  addEventListener("dragover", over, { signal });
  addEventListener("dragleave", leave, { signal });
  addEventListener("drop", drop, { signal });
  return () => listening.abort();
}

/** A table that is pasted while nothing is being written is the chart's data. */
export function listenToPaste(): () => void {
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isWriting =
      event.target instanceof Element && event.target.closest("input, textarea, dialog");
    if (event.defaultPrevented || isWriting || !/[\n\t{[]/.test(text)) return;
    event.preventDefault();
    void takeText(text);
  };
  addEventListener("paste", paste);
  return () => removeEventListener("paste", paste);
}
