/** Data comes in: pasted, dropped, chosen, or a spec instead of it. */

import { signal } from "@preact/signals";
import { change, draft, open, openChart, undo } from "../../charts/current";
import { EMPTY_DRAFT } from "../../charts/draft";
import { notify } from "../../shell/notices";
import { words as shellWords } from "../../shell/words";
import { words } from "../words";

/** The last file could not be read. */
export const fileFault = signal(false);

/** Whether the text is being written by hand; its editor is open then. */
export const editing = signal(false);

/** Take a text as the chart's data; JSON that is a spec becomes a chart of its own. */
export async function takeText(text: string): Promise<void> {
  fileFault.value = false;
  const had = draft.value.source.text !== "" || draft.value.pasted !== null;
  if (!(await takeSpec(text))) (await import("../../charts/reading")).give(text);
  if (had) notify(words().replaced, { label: shellWords().undo, act: undo });
}

/** Take what is being written. */
export async function typeText(text: string): Promise<void> {
  (await import("../../charts/reading")).give(text, { typed: true });
}

/** Take a file: the first of those that were dropped or chosen. */
export async function takeFile(file: File | undefined): Promise<void> {
  if (!file) return;
  try {
    await takeText(decoded(await file.arrayBuffer()));
  } catch (error) {
    console.warn(`${file.name} was not read`, error);
    fileFault.value = true;
  }
}

/** Take the data away; what was said about the chart stays. */
export function clearData(): void {
  editing.value = false;
  change("clear", { source: EMPTY_DRAFT.source, pasted: null, roles: {} });
  notify(words().cleared, { label: shellWords().undo, act: undo });
}

/** Take a text that is a spec; return whether it is one. */
async function takeSpec(text: string): Promise<boolean> {
  if (!/^\s*\{/.test(text)) return false;
  const { fromSpec, specIn } = await import("../../charts/from_spec");
  const spec = specIn(text);
  if (spec) open(fromSpec(spec), openChart.value);
  return spec !== null;
}

/** Spreadsheets of old write Windows-1252 or GBK, new ones UTF-8 or UTF-16 with a mark. */
function decoded(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (new Uint8Array(bytes.slice(0, 4096)).includes(0)) throw new Error("binary");
  for (const encoding of ["utf-8", "gb18030"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next one may fit.
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}
