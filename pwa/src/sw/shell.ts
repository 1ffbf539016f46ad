/** The app itself: stored whole at installation, so that it opens without a network. */

import { LIST, worker } from "./scope";

/** One cache for each version, since the last one serves its pages until the next takes over. */
const SHELL = `shell-${LIST.revision}`;

/** Whether a GET may be for a file of the app. */
export function isOfShell(request: Request, { pathname }: URL): boolean {
  // Of all documents only the app's own: /docs and /charts/… are navigated to as well.
  if (request.mode === "navigate") return pathname === "/";
  return /^\/(assets\/|icons\/|manifest\.)/.test(pathname);
}

/** Store every file; rejects when one cannot be fetched, and nothing is installed. */
export async function install(): Promise<void> {
  const cache = await caches.open(SHELL);
  const list = await fetched(`/${LIST.url}`);
  const files: string[] = await list.json();
  await Promise.all(files.map(async (file) => cache.put(file, await unchanged(file))));
}

/** Return a file of the last version where its name holds its revision, else the server's. */
async function unchanged(file: string): Promise<Response> {
  const stored = file.startsWith("/assets/") && (await caches.match(file));
  return stored || fetched(file);
}

async function fetched(file: string): Promise<Response> {
  const answer = await fetch(file, { cache: "no-cache" });
  if (!answer.ok) throw new Error(file);
  return answer;
}

/** Remove the other versions, and let the first page not wait for its next visit. */
export async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith("shell-") && name !== SHELL) await caches.delete(name);
  }
  await worker.clients.claim();
}

/** Answer from the store, else from the network: the browser may have thrown the store away. */
export async function shell(request: Request, { pathname }: URL): Promise<Response> {
  return (await caches.match(pathname, { cacheName: SHELL })) ?? fetch(request);
}
