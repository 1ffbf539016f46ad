import type { Kind, Role } from "../charts/draft";
import { kinds } from "./kind/en";

const roles: Record<Role, string> = {
  x: "Along the x axis",
  y: "Values",
  z: "Colour",
  error: "Error of the values",
  x_error: "Error of x",
  size: "Size of the points",
  open: "Open",
  high: "High",
  low: "Low",
  close: "Close",
  facet: "One panel for each",
};

const en = {
  title: "Chart",
  sections: { data: "Data", kind: "Kind", columns: "Columns", refine: "Refine", export: "Export" },
  kinds,
  roles,
  /** Where a part is called otherwise than usual. */
  rolesOf: {
    histogram: { y: "Values to count" },
    box: { x: "Groups" },
    violin: { x: "Groups" },
    pie: { x: "Labels", y: "Shares" },
    polar: { x: "Angles", y: "Distance from the centre" },
    radar: { x: "Corners" },
    waterfall: { x: "Steps", y: "Changes" },
    heatmap: { x: "Columns (none: their names)", y: "Rows", z: "Cells" },
    contour: { x: "x (none: names of columns)", y: "y", z: "Heights" },
    hexbin: { x: "x", y: "y" },
    candlestick: { y: "Lines over them" },
  } as Partial<Record<Kind, Partial<Record<Role, string>>>>,
  types: { number: "number", date: "date", text: "text" },
  suggested: "suggested",

  paste: "Paste a table",
  pasteHint: "From a spreadsheet, CSV, TSV or JSON — or type it here",
  pasteExample: "Month\tNorth\tSouth\nJan\t12\t9\nFeb\t15\t8",
  chooseFile: "Choose a file",
  orDrop: "or drop it anywhere on the page",
  samples: "Or start from a sample",
  sampleNames: {
    line: "Temperature by day",
    bar: "Sales by month",
    scatter: "Flats: area and rent",
    box: "Response times",
    candlestick: "Prices of a share",
    heatmap: "Trips by hour and weekday",
  },
  dropHere: "Drop the file to chart it",
  size: (rows: number, columns: number, count: string) =>
    `${count} ${rows === 1 ? "row" : "rows"}, ${columns} ${columns === 1 ? "column" : "columns"}`,
  reading: "Reading the data…",
  editText: "Edit",
  doneEditing: "Done",
  replace: "Replace",
  clear: "Clear",
  cleared: "The data was cleared.",
  replaced: "The data was replaced.",
  tooLong: (size: string) => `${size} are too much to edit here. Replace the file instead.`,
  faults: {
    json: "This is no valid JSON",
    shape: "This JSON holds no table. Give a list of records, or columns by name",
    empty: "There are no values yet",
    file: "This file could not be read as text",
  },
  pastedSpec: "Drawn from a spec",
  pastedSpecHint:
    "This spec says more than the form can, so it is drawn as it is. Refine and export work; new data replaces it.",
  useOwnData: "Use data of your own",

  missingColumn: (name: string) => `“${name}” is not in the data.`,
  useInstead: (name: string) => `Use “${name}”`,
  goBack: "Go back",
  automatic: "Automatic",

  preview: "Preview",
  emptyTitle: "Your chart appears here",
  emptyHint: "Paste a table, drop a file, or take a sample.",
  drawing: "Drawing…",
  cell: (column: string, row: string) => `${column}, row ${row}`,
};

export default en;
export type Words = typeof en;
