/** Copying what is still being made: the click allows it, and the bytes follow. */

/** Copy a text; throws `NotAllowedError` where the browser refuses. */
export async function copyText(text: string | Promise<string>): Promise<void> {
  if (!navigator.clipboard) return copyByCommand(await text);
  const blob = Promise.resolve(text).then((made) => new Blob([made], { type: "text/plain" }));
  await write("text/plain", blob);
}

/** Copy a PNG picture; throws `NotAllowedError` where the browser refuses. */
export async function copyPicture(picture: Promise<Blob>): Promise<void> {
  await write("image/png", picture);
}

/** Safari takes a promise only, and only at once: nothing may be awaited before. */
async function write(type: string, made: Promise<Blob>): Promise<void> {
  const failed = made.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  try {
    if (!navigator.clipboard) throw new DOMException("no clipboard", "NotAllowedError");
    await navigator.clipboard.write([new ClipboardItem({ [type]: made })]);
  } catch (error) {
    // the clipboard tells that its promise failed, but not why
    throw (await failed)?.error ?? error;
  }
}

/** Pages without TLS have no clipboard, but this. */
function copyByCommand(text: string): void {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "said";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new DOMException("copying was refused", "NotAllowedError");
}
