import { kinds } from "../chart/kind/en";
import type { FileFault } from "./transfer";

const en = {
  title: "Gallery",
  count: (charts: number) => (charts === 1 ? "1 chart" : `${charts} charts`),
  search: "Search",
  searchHint: "Name, column, kind …",
  found: (charts: number) => (charts === 1 ? "1 chart found" : `${charts} charts found`),
  nothingFound: (query: string) => `No chart here matches “${query}”.`,
  showAll: "Show all",
  exportAll: "Export all",
  importFile: "Import",
  empty: "Nothing kept yet",
  emptyHint:
    "Keep a chart, and it waits here with its picture, offline too. It opens exactly as you left it.",
  emptyAct: "Make a chart",
  emptyImport: "Import a gallery file",
  untitled: "Untitled chart",
  inWork: "The chart in work",
  open: (name: string) => `Open ${name}`,
  rename: "Rename",
  newName: "New name",
  duplicate: "Duplicate",
  copyOf: (name: string) => `${name} (copy)`,
  download: "Download",
  downloadAs: (name: string, format: string) => `Download ${name} as ${format}`,
  remove: "Delete",
  insecure: "The browser keeps charts only for pages that come by HTTPS. Export it instead.",
  kept: (name: string) => `Kept “${name}” in the gallery.`,
  updated: (name: string) => `Updated “${name}” in the gallery.`,
  removed: (name: string) => `Deleted “${name}”.`,
  undo: "Undo",
  changed: (when: string) => `changed ${when}`,
  queued: "Waits for the network",
  drawing: "Is being drawn",
  failed: (fault: string) => `Not drawn: ${fault}`,
  notRedrawn: (fault: string) => `This is the last picture. Drawing it anew failed: ${fault}`,
  restyled: (style: string) => `Restyled since you kept it: now ${style}`,
  refused: (name: string, fault: string) => `“${name}” could not be drawn: ${fault}`,
  imported: (charts: number) => (charts === 1 ? "Imported 1 chart." : `Imported ${charts} charts.`),
  nothingNew: "Every chart of this file is here already.",
  broken: (names: string) => `These charts in the file are broken and were left out: ${names}.`,
  brokenFile: {
    notJson: "This file is damaged or no JSON. Nothing was changed here: export it again.",
    notGallery: "This is no gallery file. Choose one that “Export all” wrote.",
    newer: "A newer version wrote this file. Update the app, then import it.",
  } satisfies Record<FileFault, string>,
  notDownloaded: (name: string, fault: string) => `“${name}” was not downloaded: ${fault}`,
  offlineDownload: "this format was never drawn here, and there is no network.",
  nearlyFull:
    "Storage is nearly full. Export the gallery, delete charts that you do not need, or empty the store of recent pictures in Settings.",
  full: "There is no room left: the chart was not kept. Delete charts, or empty the store of recent pictures in Settings.",
  kinds,
};

export default en;
export type Words = typeof en;
