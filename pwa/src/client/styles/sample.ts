/** A chart for those who have none on the bench: it shows what a style can change. */
export const SAMPLE: Readonly<Record<string, unknown>> = {
  title: "Kilns fired per week",
  data: {
    week: ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8"],
    Porcelain: [12, 15, 14, 19, 23, 22, 27, 31],
    Stoneware: [9, 8, 13, 12, 16, 21, 19, 24],
    Raku: [3, 6, 5, 9, 8, 12, 11, 15],
  },
  series: [
    { x: "week", y: "Porcelain" },
    { x: "week", y: "Stoneware" },
    { x: "week", y: "Raku" },
  ],
  axes: { x: { label: "Week" }, y: { label: "Firings" } },
};
