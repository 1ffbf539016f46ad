import type { Kind } from "../../charts/draft";

/** Each kind in a few strokes on a sheet of 48 by 32: lines, areas, and what stands behind. */
interface Drawing {
  line?: string;
  area?: string;
  faint?: string;
}

const dots = (points: readonly (readonly [number, number])[], radius = 2) =>
  points
    .map(
      ([x, y]) =>
        `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`,
    )
    .join("");
const bars = (heights: readonly number[], width = 6) =>
  heights
    .map((height, at) => `M${5 + at * (width + 2)} 29h${width}v${-height}h${-width}z`)
    .join("");
const hexagon = (x: number, y: number) => `M${x} ${y - 5}l4.3 2.5v5l-4.3 2.5l-4.3-2.5v-5z`;

const DRAWINGS: Record<Kind, Drawing> = {
  line: {
    line: "M5 25l10-9 9 5 10-13 9 6",
    area: dots([
      [5, 25],
      [15, 16],
      [24, 21],
      [34, 8],
      [43, 14],
    ]),
  },
  bar: { area: bars([12, 20, 9, 24, 16]) },
  area: { line: "M4 20l10-8 10 5 10-11 10 5", faint: "M4 20l10-8 10 5 10-11 10 5v18H4z" },
  scatter: {
    area: dots(
      [
        [8, 24],
        [13, 19],
        [17, 23],
        [22, 15],
        [26, 19],
        [30, 11],
        [35, 14],
        [40, 7],
      ],
      2.2,
    ),
  },
  step: { line: "M4 26h8v-8h9v5h8V9h8v5h7" },
  errorbar: {
    line: "M9 13v14M6 13h6M6 27h6M20 9v13M17 9h6M17 22h6M31 5v12M28 5h6M28 17h6M41 8v9M38 8h6M38 17h6",
    area: dots(
      [
        [9, 20],
        [20, 15],
        [31, 11],
        [41, 12.5],
      ],
      2.4,
    ),
  },
  histogram: { area: "M4 29v-4h6v-7h6V7h6v-3h6v8h6v9h6v5h4v3z" },
  box: {
    line: "M12 5v5M12 23v5M8 5h8M8 28h8M7 16h10M35 8v4M35 22v4M31 8h8M31 26h8M30 17h10",
    faint: "M7 10h10v13H7zM30 12h10v10H30z",
  },
  violin: {
    line: "M13 3c1 7 6 8 6 13s-5 6-6 13c-1-7-6-8-6-13s5-6 6-13zM35 5c1 5 5 5 5 12 0 5-4 6-5 11-1-5-5-6-5-11 0-7 4-7 5-12z",
    faint:
      "M13 3c1 7 6 8 6 13s-5 6-6 13c-1-7-6-8-6-13s5-6 6-13zM35 5c1 5 5 5 5 12 0 5-4 6-5 11-1-5-5-6-5-11 0-7 4-7 5-12z",
  },
  heatmap: {
    area: "M14 4h9v8h-9zM34 4h9v8h-9zM24 13h9v7h-9zM4 21h9v7H4zM24 21h9v7h-9z",
    faint:
      "M4 4h9v8H4zM24 4h9v8h-9zM4 13h9v7H4zM14 13h9v7h-9zM34 13h9v7h-9zM14 21h9v7h-9zM34 21h9v7h-9z",
  },
  contour: {
    line: "M4 22c6-16 16-20 26-16s14 12 12 20M10 27c1-12 9-18 18-15s9 9 7 15M18 26c1-6 5-9 9-8s4 5 2 9",
  },
  hexbin: {
    area: hexagon(19, 16) + hexagon(28.4, 16),
    faint:
      hexagon(14.3, 8) +
      hexagon(23.7, 8) +
      hexagon(33, 8) +
      hexagon(14.3, 24) +
      hexagon(23.7, 24) +
      hexagon(9.6, 16) +
      hexagon(37.8, 16),
  },
  pie: { area: "M25 15V3a12 12 0 0 1 10.4 18z", faint: "M23 17V5a12 12 0 1 0 10.4 18z" },
  waterfall: {
    area: "M5 29h7V14H5zM37 29h7V8h-7z",
    faint: "M13 8h7v6h-7zM21 8h7v9h-7zM29 8h7v9h-7z",
  },
  candlestick: {
    line: "M9 6v22M20 9v18M31 3v20M41 6v16",
    area: "M6 11h6v12H6zM28 7h6v11h-6z",
    faint: "M17 13h6v9h-6zM38 9h6v8h-6z",
  },
  polar: {
    line: "M24 16c6-16 14-6 9 0 6 6-4 14-9 6-6 8-16 0-9-6-5-7 4-15 9 0z",
    faint: "M24 3a13 13 0 1 0 0 26a13 13 0 0 0 0-26z",
  },
  radar: { line: "M24 6l10 8-5 12-9-3-7-9z", faint: "M24 3l13 9-5 16H16l-5-16z" },
};

/** A kind of chart, drawn small. */
export function Thumbnail({ kind }: { kind: Kind }) {
  const { line, area, faint } = DRAWINGS[kind];
  return (
    <svg class="thumbnail" viewBox="0 0 48 32" aria-hidden="true">
      {faint && <path class="thumbnail-faint" d={faint} />}
      {area && <path class="thumbnail-area" d={area} />}
      {line && <path class="thumbnail-line" d={line} />}
    </svg>
  );
}
