/** The service worker: which requests it answers. All others are the network's, untouched. */

import { PICTURES, type Request as Wish } from "../shared/pictures";
import { report } from "./news";
import { revalidate } from "./pictures";
import { giveUp, plot } from "./plot";
import { drain } from "./queue";
import { worker } from "./scope";
import { share } from "./share";
import { activate, install, isOfShell, shell } from "./shell";

worker.addEventListener("install", (event) => event.waitUntil(install()));

worker.addEventListener("activate", (event) => event.waitUntil(activate()));

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const answer = url.origin === origin && answerTo(event, url);
  if (answer) event.respondWith(answer);
});

function answerTo(event: FetchEvent, url: URL): Promise<Response> | undefined {
  const { request } = event;
  if (request.method === "POST") {
    if (url.pathname === "/share") return share(request);
    // A job is not a picture: whoever prefers to wait elsewhere asks the server.
    const plain = url.pathname === "/plot" && !request.headers.has("Prefer");
    return plain ? plot(event, url) : undefined;
  }
  if (request.method !== "GET") return undefined;
  if (url.pathname.startsWith(PICTURES)) return picture(url.pathname);
  return isOfShell(request, url) ? shell(request, url) : undefined;
}

async function picture(address: string): Promise<Response> {
  return (await caches.match(address)) ?? new Response(null, { status: 404 });
}

worker.addEventListener("message", (event) => {
  const wish = event.data as Wish;
  if (wish.type === "revalidate") event.waitUntil(revalidate(wish));
  else if (wish.type === "give up") giveUp(wish.ask);
  else if (wish.type === "drain") event.waitUntil(drain().catch(report));
  else event.waitUntil(worker.skipWaiting());
});

// Nothing else is ever asked for under another tag.
worker.addEventListener("sync", (event) => event.waitUntil(drain()));
