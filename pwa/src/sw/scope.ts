/// <reference lib="webworker" />

/** Background Sync (WICG), which TypeScript does not know. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: [{ url: string; revision: string }];
  addEventListener(type: "sync", listener: (event: SyncEvent) => void): void;
};

/** The worker's global scope, typed. */
export const worker = self;

/** The list of the shell's files, written in by the build: its revision changes with any of them. */
export const LIST = self.__WB_MANIFEST[0];
