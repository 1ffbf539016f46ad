/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

/** Everything that the shell needs, written in by the build. */
const shell = self.__WB_MANIFEST;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open("shell").then((cache) => cache.addAll(shell.map((entry) => `/${entry.url}`))),
  );
});
