import type { Words } from "./en";

const zh: Words = {
  addColumn: "添加一列",
  none: "无",
  remove: (name: string) => `移除“${name}”`,
  moveUp: "上移",
  moveDown: "下移",
  columnsHint: "把列拖到相应位置，或直接在那里选择。",
  noColumns: "有了数据，各列会显示在这里。",
  templateColumns: "模板的数据在上方的表单中填写。",
  pastedColumns: "用哪些数据、怎么画，都由图表描述自己说明。",
  needed: "请选择一列",
  seriesName: "图例中的名称",
  seriesKind: "绘制为",
  sameKind: (kind: string) => `${kind}（与图表相同）`,
  seriesAxis: "坐标轴",
  leftAxis: "左轴",
  rightAxis: "右轴",
  seriesColor: "颜色",
  styleColor: "跟随样式",
  ownColor: "自选颜色",
  seriesOptions: (name: string) => `“${name}”的选项`,
  panelColumns: "每行分面数",
};

export default zh;
