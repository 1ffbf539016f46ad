/** A style with what it leaves out, for showing what a member is now; the server alone draws. */

import type { Json } from "../../../shared/json_tree";
import { isObject } from "./differences";

export type Document = { [name: string]: Json };

/** What the built-in style says of the members that the form and the checks of colours show. */
export const BUILTIN: Document = {
  figure: { figsize: [10, 6], dpi: 120, facecolor: "#FFFFFF" },
  font: { size: 12, color: "#222222" },
  title: { fontsize: 16, fontweight: "bold", color: "#222222", loc: "center" },
  axes: {
    facecolor: "#FFFFFF",
    labelcolor: "#444444",
    labelsize: "medium",
    labelweight: "normal",
    edgecolor: "#9A9A9A",
    linewidth: 0.8,
    spines: ["left", "bottom"],
    grid: true,
    grid_axis: "both",
    grid_color: "#B8B8B8",
    grid_linestyle: "--",
    grid_linewidth: 0.7,
    grid_alpha: 0.6,
  },
  legend: {
    fontsize: "small",
    frameon: false,
    facecolor: "#FFFFFF",
    edgecolor: "#DDDDDD",
    labelcolor: "#444444",
  },
  lines: { linewidth: 2.2, linestyle: "-", marker: "o", markersize: 5.5 },
  ticks: {
    color: "#9A9A9A",
    labelcolor: "#555555",
    labelsize: "small",
    direction: "out",
    length: 4,
    width: 0.8,
  },
  watermark: { x: 0.5, y: 0.5, fontsize: 40, color: "#808080", alpha: 0.2, rotation: 30 },
  palette: ["#007ACC", "#E8590C", "#3A9A3A", "#CC4C9A", "#5B2A86", "#7A3B12", "#0F4C5C", "#949494"],
};

/** Lay a chain of documents over one another, the first on top, the built-in style below all. */
export function resolved(chain: readonly Json[]): Document {
  return [...chain, BUILTIN].filter(isObject).reduceRight((under, over) => laid(over, under), {});
}

function laid(over: Document, under: Document): Document {
  const merged = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = under[name];
    if (value !== null)
      merged[name] = isObject(value) && isObject(below) ? laid(value, below) : value;
  }
  return merged;
}
