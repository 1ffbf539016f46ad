/** The members that the form shows, and what each takes; JSON has them all. */

export type Control =
  | { kind: "color"; over?: "figure" | "axes" }
  | { kind: "number"; least: number; most: number; step: number; unit?: Unit }
  | { kind: "size" }
  | { kind: "choice"; options: readonly string[] }
  | { kind: "flag" }
  | { kind: "text" }
  | { kind: "pair" }
  | { kind: "families" }
  | { kind: "sides" };

export type Unit = "points" | "degrees" | "share" | "dpi";

export interface MemberField {
  section: string;
  name: string;
  control: Control;
}

/** One part of the form; `grid` shows members of `axes` by themselves. */
export interface FormSection {
  id: SectionId;
  /** Whether it is open before anybody touched it. */
  open: boolean;
  fields: readonly MemberField[];
}

export type SectionId =
  | "figure"
  | "font"
  | "title"
  | "axes"
  | "grid"
  | "legend"
  | "lines"
  | "ticks"
  | "watermark";

const DASHES = ["-", "--", "-.", ":", "none"];
const MARKERS = ["none", "o", "s", "^", "v", "D", "x", "+", ".", "*"];
const WEIGHTS = ["light", "normal", "medium", "semibold", "bold"];

const color: Control = { kind: "color" };
/** Text on the sheet, whose contrast counts. */
const ink: Control = { kind: "color", over: "figure" };
const size: Control = { kind: "size" };
const flag: Control = { kind: "flag" };
const points: Control = { kind: "number", least: 0.5, most: 500, step: 0.5, unit: "points" };
const width: Control = { kind: "number", least: 0, most: 100, step: 0.1, unit: "points" };
const share: Control = { kind: "number", least: 0, most: 1, step: 0.05, unit: "share" };
const choice = (options: readonly string[]): Control => ({ kind: "choice", options });
const dpi: Control = { kind: "number", least: 20, most: 1200, step: 1, unit: "dpi" };
const degrees: Control = { kind: "number", least: -360, most: 360, step: 5, unit: "degrees" };

export const SECTIONS: readonly FormSection[] = [
  part("title", true, {
    fontsize: size,
    fontweight: choice(WEIGHTS),
    color: ink,
    loc: choice(["left", "center", "right"]),
  }),
  part("font", true, { family: { kind: "families" }, size: points, color: ink }),
  part("figure", true, { figsize: { kind: "pair" }, dpi, facecolor: color }),
  part("axes", false, {
    facecolor: color,
    labelcolor: ink,
    labelsize: size,
    labelweight: choice(WEIGHTS),
    edgecolor: color,
    linewidth: width,
    spines: { kind: "sides" },
  }),
  {
    ...part("axes", false, {
      grid: flag,
      grid_axis: choice(["x", "y", "both"]),
      grid_color: color,
      grid_linestyle: choice(DASHES),
      grid_linewidth: width,
      grid_alpha: share,
    }),
    id: "grid",
  },
  part("legend", false, {
    fontsize: size,
    frameon: flag,
    facecolor: color,
    edgecolor: color,
    labelcolor: { kind: "color", over: "axes" },
  }),
  part("lines", false, {
    linewidth: width,
    linestyle: choice(DASHES),
    marker: choice(MARKERS),
    markersize: width,
  }),
  part("ticks", false, {
    color,
    labelcolor: ink,
    labelsize: size,
    direction: choice(["in", "out", "inout"]),
    length: width,
    width,
  }),
  part("watermark", false, {
    text: { kind: "text" },
    x: share,
    y: share,
    fontsize: points,
    color,
    alpha: share,
    rotation: degrees,
  }),
];

function part(section: SectionId, open: boolean, controls: Record<string, Control>): FormSection {
  const fields = Object.entries(controls).map(([name, control]) => ({ section, name, control }));
  return { id: section, open, fields };
}
