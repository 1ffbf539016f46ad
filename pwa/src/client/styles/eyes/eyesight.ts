/** Colours as people see them: contrast, and which of a palette are alike to those who lack cones. */

/** Red, green and blue from 0 to 1, in sRGB. */
export type Rgb = readonly [number, number, number];

type Matrix = readonly [Rgb, Rgb, Rgb];

export const VISIONS = ["deuteranopia", "protanopia", "tritanopia"] as const;
export type Vision = (typeof VISIONS)[number];

/** Linear sRGB as people see it who lack one kind of cones (Machado et al., 2009). */
const SEEN: Record<Vision, Matrix> = {
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Distance in OKLab below which two lines of a chart are taken for each other. */
export const ALIKE = 0.04;
/** Least contrast of text, and of what is 24 px or larger (WCAG 2.2, 1.4.3). */
export const READABLE = 4.5;
export const READABLE_LARGE = 3;

/** Return the contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Return a colour as such eyes see it. */
export function seenBy(vision: Vision, color: Rgb): Rgb {
  return mapped(times(SEEN[vision], linear(color)), (value) =>
    encoded(Math.min(1, Math.max(0, value))),
  );
}

/** Return the pairs of places in a palette whose colours are alike, to such eyes or to all. */
export function alike(palette: readonly Rgb[], vision?: Vision): [number, number][] {
  const seen = palette.map((color) =>
    oklab(vision ? times(SEEN[vision], linear(color)) : linear(color)),
  );
  return seen.flatMap((one, index) =>
    seen
      .slice(index + 1)
      .flatMap((other, after): [number, number][] =>
        distance(one, other) < ALIKE ? [[index, index + 1 + after]] : [],
      ),
  );
}

/** Write a colour as #RRGGBB. */
export function hex(color: Rgb): string {
  return `#${color
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

function luminance(color: Rgb): number {
  return dot([0.2126, 0.7152, 0.0722], linear(color));
}

function distance(one: Rgb, other: Rgb): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

/** Return linear sRGB as OKLab, in which distances are as people see them. */
function oklab(color: Rgb): Rgb {
  const cones = times(
    [
      [0.4122, 0.5363, 0.0514],
      [0.2119, 0.6807, 0.1074],
      [0.0883, 0.2817, 0.63],
    ],
    color,
  );
  const roots = mapped(cones, (cone) => Math.cbrt(Math.max(cone, 0)));
  return times(
    [
      [0.2105, 0.7936, -0.0041],
      [1.978, -2.4286, 0.4506],
      [0.0259, 0.7828, -0.8087],
    ],
    roots,
  );
}

function linear(color: Rgb): Rgb {
  return mapped(color, (value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
}

function encoded(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

function times(matrix: Matrix, vector: Rgb): Rgb {
  return [dot(matrix[0], vector), dot(matrix[1], vector), dot(matrix[2], vector)];
}

function dot(one: Rgb, other: Rgb): number {
  return one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
}

function mapped(color: Rgb, change: (value: number) => number): Rgb {
  return [change(color[0]), change(color[1]), change(color[2])];
}
