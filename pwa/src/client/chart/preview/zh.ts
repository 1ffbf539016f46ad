import type { Words } from "./en";

const zh: Words = {
  undo: "撤销",
  redo: "重做",
  keep: "收藏",
  keepHint: "存入图库",
  keepFailed: "没能存入图库。",
  style: "样式",
  format: "格式",
  zoom: "缩放",
  zooms: { fit: "适应", "100": "100%", "200": "200%" },
  zoomIn: "放大",
  zoomOut: "缩小",
  zoomFit: "适应窗口",
  slow: (seconds: string, points: string) => `正在绘制 ${points} 个数值：${seconds} 秒`,
  slowTemplate: (seconds: string) => `模板正在绘制：${seconds} 秒`,
  cancel: "取消",
  canceled: "已取消绘制。下一次修改会重新绘制。",
  drawAgain: "重新绘制",
  refused: "暂时还画不出来",
  failed: "服务器没能画出这张图。",
  busy: "服务器正忙，稍后会再试一次。",
  missingParts: "缺少一列",
  neededParts: "还需要选择列",
  waitsForNetwork: "当前离线。这张图表在排队，联网后就会绘制。",
  states: { fresh: "最新", builtin: "内置" },
  stale: (style: string) => `连不上 Consul：沿用最近的样式 ${style}`,
  former: (style: string) => `当前为 ${style} 的图片，新样式的图片正在绘制`,
  styleChanged: (style: string) => `样式已更新：现为 ${style}`,
  milliseconds: (count: string) => `${count} 毫秒`,
  fromStore: "来自本机",
  warnings: (count: number) => `${count} 条提醒`,
  alternative: (kind: string, values: string, x: string) =>
    `${kind}${values && `：${values}`}${x && `，按${x}`}`,
  pictureOf: "图表",
};

export default zh;
