const en = {
  addColumn: "Add a column",
  none: "None",
  remove: (name: string) => `Remove ${name}`,
  moveUp: "Move up",
  moveDown: "Move down",
  columnsHint: "Drag a column to its part, or choose it there.",
  noColumns: "Columns appear here once there is data.",
  templateColumns: "The template takes its data in its form above.",
  pastedColumns: "The spec says itself what is drawn from what.",
  needed: "Choose a column",
  seriesName: "Name in the legend",
  seriesKind: "Drawn as",
  sameKind: (kind: string) => `${kind} (as the chart)`,
  seriesAxis: "Axis",
  leftAxis: "Left",
  rightAxis: "Right",
  seriesColor: "Colour",
  styleColor: "From the style",
  ownColor: "Own colour",
  seriesOptions: (name: string) => `Options of ${name}`,
  panelColumns: "Panels side by side",
};

export default en;
export type Words = typeof en;
