/** `POST /share`: what another app shares with this one, kept until the page takes it. */

import { type Handed, SHARED } from "../shared/database";
import { report } from "./news";
import { within } from "./records";

/** Keep the file or the text, and show the app. */
export async function share(request: Request): Promise<Response> {
  await keep(request).catch(report);
  return Response.redirect("/?shared", 303);
}

async function keep(request: Request): Promise<void> {
  const values = [...(await request.formData()).values()];
  const file = values.find((value) => value instanceof File);
  const text = file ? await file.text() : values.filter(Boolean).join("\n");
  const handed: Handed = { name: file?.name ?? "", text };
  await within("handed", (store) => store.put(handed, SHARED));
}
