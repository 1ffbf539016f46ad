/** The size of a picture: pixels, or centimetres and inches at a resolution. */

import type { Refinement } from "../../charts/draft";

export type Size = NonNullable<Refinement["size"]>;
export type Unit = "px" | "cm" | "in";

/** What sizes are usual for; `style` leaves it to the style. */
export const PRESETS = {
  style: {},
  screen: { width: 1200, height: 720, dpi: 120 },
  slide: { width: 1920, height: 1080, dpi: 192 },
  print: { width: 1890, height: 1181, dpi: 300 },
  square: { width: 1080, height: 1080, dpi: 150 },
} as const satisfies Record<string, Size>;
export type Preset = keyof typeof PRESETS;

const CM_PER_INCH = 2.54;
/** What the server takes (`docs/settings.md`). */
export const LEAST_PIXELS = 16;
export const LEAST_DPI = 20;
export const MOST_DPI = 1200;

/** Return the preset that a size is; null for one of the user's own. */
export function presetOf(size: Size | undefined): Preset | null {
  const same = ([, preset]: [string, Size]) =>
    preset.width === size?.width && preset.height === size?.height && preset.dpi === size?.dpi;
  return (Object.entries(PRESETS).find(same)?.[0] as Preset | undefined) ?? null;
}

/** Return a length in pixels as one in a unit, to a tenth of a millimetre or a hundredth of an inch. */
export function inUnit(pixels: number, unit: Unit, dpi: number): number {
  if (unit === "px") return pixels;
  const inches = pixels / dpi;
  return Math.round((unit === "cm" ? inches * CM_PER_INCH : inches) * 100) / 100;
}

/** Return a length in a unit as whole pixels. */
export function inPixels(length: number, unit: Unit, dpi: number): number {
  if (unit === "px") return Math.round(length);
  return Math.round((unit === "cm" ? length / CM_PER_INCH : length) * dpi);
}
