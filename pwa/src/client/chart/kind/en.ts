import type { Kind } from "../../charts/draft";

/** What the kinds are called, in every view. */
export const kinds: Readonly<Record<Kind, string>> = {
  line: "Line",
  bar: "Bar",
  area: "Area",
  scatter: "Scatter",
  step: "Step",
  errorbar: "Error bars",
  histogram: "Histogram",
  box: "Box",
  violin: "Violin",
  heatmap: "Heatmap",
  contour: "Contour",
  hexbin: "Hexbin",
  pie: "Pie",
  waterfall: "Waterfall",
  candlestick: "Candlestick",
  polar: "Polar",
  radar: "Radar",
};
