import type { Sentences } from "./description";

/** How charts are described in English. */
export const english: Sentences = {
  between: " ",
  kinds: {
    line: "Line chart",
    bar: "Bar chart",
    area: "Area chart",
    scatter: "Scatter plot",
    step: "Step chart",
    errorbar: "Chart with error bars",
    histogram: "Histogram",
    box: "Box plot",
    violin: "Violin plot",
    heatmap: "Heatmap",
    contour: "Contour plot",
    hexbin: "Hexbin plot",
    pie: "Pie chart",
    waterfall: "Waterfall chart",
    candlestick: "Candlestick chart",
    polar: "Polar chart",
    radar: "Radar chart",
  },
  list: (names) => new Intl.ListFormat("en", { type: "conjunction" }).format(names),
  headline: (kind, drawn, along) => `${kind} of ${drawn}${along ? ` by ${along}` : ""}.`,
  range: (from, to) => `From ${from} to ${to}.`,
  course: (name, first, last, least, greatest) =>
    `${name} goes from ${first} to ${last}, between ${least} and ${greatest}.`,
  extremes: (name, top, topAt, low, lowAt) =>
    `${name} is highest at ${topAt} (${top}) and lowest at ${lowAt} (${low}).`,
  spread: (name, least, middle, greatest) =>
    `${name} lies between ${least} and ${greatest}, with a median of ${middle}.`,
  more: (count) => (count === 1 ? "One more series." : `${count} more series.`),
};
