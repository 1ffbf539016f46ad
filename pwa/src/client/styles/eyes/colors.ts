/** The colours that a style may name, as numbers. */

import { hex, type Rgb } from "./eyesight";

const LETTERS: Record<string, string> = {
  b: "#0000ff",
  g: "#008000",
  r: "#ff0000",
  c: "#00bfbf",
  m: "#bf00bf",
  y: "#bfbf00",
  k: "#000000",
  w: "#ffffff",
};

const TABLEAU: Record<string, string> = {
  blue: "#1f77b4",
  orange: "#ff7f0e",
  green: "#2ca02c",
  red: "#d62728",
  purple: "#9467bd",
  brown: "#8c564b",
  pink: "#e377c2",
  gray: "#7f7f7f",
  grey: "#7f7f7f",
  olive: "#bcbd22",
  cyan: "#17becf",
};

const HEX = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i;
const GREY = /^(0?\.\d{1,16}|[01](\.0{0,16})?)$/;

/**
 * Return the colour that a text names; null for `none`, for a place in the palette, and for what
 * names no colour. `named` knows CSS's names: the browser does, by `namedColor`.
 */
export function rgbOf(
  text: string,
  named: (name: string) => string | null = namedColor,
): Rgb | null {
  if (HEX.test(text)) return ofHex(text.slice(1));
  if (GREY.test(text)) return [Number(text), Number(text), Number(text)];
  const known = LETTERS[text] ?? tableau(text.toLowerCase()) ?? named(text.toLowerCase());
  return known ? ofHex(known.slice(1)) : null;
}

/** Return #rrggbb for a text that names a colour, as `<input type="color">` wants it. */
export function hexOf(text: string): string | null {
  const color = rgbOf(text);
  return color && hex(color);
}

/** Return #rrggbb for a name of CSS's; null for what is none. */
export function namedColor(name: string): string | null {
  if (!/^[a-z]{3,}$/.test(name) || name === "none" || !CSS.supports("color", name)) return null;
  pen ??= document.createElement("canvas").getContext("2d");
  if (!pen) return null;
  pen.fillStyle = "#010203";
  pen.fillStyle = name;
  const found = pen.fillStyle;
  return /^#[\da-f]{6}$/.test(found) && found !== "#010203" ? found : null;
}

let pen: CanvasRenderingContext2D | null | undefined;

function tableau(name: string): string | undefined {
  return name.startsWith("tab:") ? TABLEAU[name.slice(4)] : undefined;
}

function ofHex(digits: string): Rgb {
  const long = digits.length < 5 ? [...digits].map((digit) => digit + digit).join("") : digits;
  const at = (place: number) => Number.parseInt(long.slice(place, place + 2), 16) / 255;
  return [at(0), at(2), at(4)];
}
