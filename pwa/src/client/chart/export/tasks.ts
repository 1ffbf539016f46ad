/** What can be done with a chart that is ready. */

import type { Format } from "../../../shared/pictures";
import { draft } from "../../charts/current";
import { copyPicture, copyText } from "../../elements/clipboard";
import { drawNewest } from "../../pictures/newest";
import { release } from "../../pictures/pictures";
import { session } from "../../session/session";
import { alternativeText } from "../preview/alternative";
import { curlCommand, type Order, pythonScript } from "./commands";
import { currentSpec } from "./current_spec";
import { embedAddress } from "./embedding";
import { fileName } from "./file_name";
import { format } from "./format";
import { imageElement } from "./image_element";
import { run } from "./task";
import { words } from "./words";

/** Draw the chart and save it, named after its title. */
export function download(): Promise<void> {
  return run("download", async () => {
    const file = nameOf(format.value);
    save(await drawn(format.value), file);
    return words().downloaded(file);
  });
}

/** Copy the chart as a PNG picture. */
export function copyAsPicture(): Promise<void> {
  return run("picture", () => copied(copyPicture(drawn("png"))));
}

/** Store the chart and copy its address. */
export function copyAddress(): Promise<void> {
  return run("address", () => copied(copyText(address(format.value))));
}

/** Store the chart and copy an `<img>` element that shows it. */
export function copyHtml(): Promise<void> {
  return run("html", () => copied(copyText(html())));
}

/** Copy a command that draws the chart. */
export function copyCurl(): Promise<void> {
  return run("curl", () => copied(copyText(promised(() => curlCommand(order())))));
}

/** Copy a script that draws the chart. */
export function copyPython(): Promise<void> {
  return run("python", () => copied(copyText(promised(() => pythonScript(order())))));
}

/** Have the chart drawn as a job; without a network it is sent once there is one. */
export function drawBehind(): Promise<void> {
  return run("job", async () => {
    const { submit } = await import("../../jobs/submitting");
    return words()[await submit(currentSpec(), format.value)];
  });
}

async function copied(copying: Promise<void>): Promise<string> {
  await copying;
  return words().copied;
}

/** A fault of making it is the promise's, so that the copying reports it. */
async function promised<Made>(make: () => Made): Promise<Made> {
  return make();
}

async function drawn(wanted: Format): Promise<Blob> {
  const picture = await drawNewest(currentSpec(), wanted);
  release(picture);
  return picture.bytes;
}

async function address(wanted: Format): Promise<string> {
  return embedAddress(currentSpec(), wanted);
}

/** Browsers show no PDF as a picture: SVG is what comes nearest. */
async function html(): Promise<string> {
  const shown = format.value === "pdf" ? "svg" : format.value;
  return imageElement(await address(shown), alternativeText(), draft.value.refinement.size);
}

function order(): Order {
  const wanted = format.value;
  return {
    origin: location.origin,
    spec: currentSpec(),
    format: wanted,
    file: nameOf(wanted),
    withToken: session.peek()?.identity === true,
  };
}

function nameOf(wanted: Format): string {
  const { template, refinement } = draft.value;
  const title = template?.params.title;
  const named = typeof title === "string" && title ? title : (refinement.title ?? template?.name);
  return fileName(named, wanted === "jpeg" ? "jpg" : wanted);
}

function save(bytes: Blob, file: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = file;
  link.click();
  // the browser has taken the bytes by the next turn
  setTimeout(() => URL.revokeObjectURL(link.href));
}
