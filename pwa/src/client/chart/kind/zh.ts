import type { Kind } from "../../charts/draft";

/** What the kinds are called, in every view. */
export const kinds: Readonly<Record<Kind, string>> = {
  line: "折线图",
  bar: "柱状图",
  area: "面积图",
  scatter: "散点图",
  step: "阶梯图",
  errorbar: "误差棒图",
  histogram: "直方图",
  box: "箱线图",
  violin: "小提琴图",
  heatmap: "热力图",
  contour: "等高线图",
  hexbin: "六边形分箱图",
  pie: "饼图",
  waterfall: "瀑布图",
  candlestick: "K 线图",
  polar: "极坐标图",
  radar: "雷达图",
};
