import type { Words } from "./en";

const zh: Words = {
  tableLabel: "数据表",
  firstRows: (shown: string, all: string) => `共 ${all} 行，显示前 ${shown} 行`,
  typeOf: (name: string) => `“${name}”的类型`,
  misfits: (count: number, name: string, type: string) =>
    `“${name}”有 ${count} 个单元格不是${type}，已略去`,
  misfitPlaces: (places: string) => `：${places}`,
  misfitAt: (row: string, text: string) => `第 ${row} 行的“${text}”`,
  howRead: "读取方式",
  separator: "分隔符",
  separators: { ",": "逗号", ";": "分号", "\t": "制表符", "|": "竖线" },
  decimal: "小数写法",
  decimals: { ".": "1,234.56", ",": "1.234,56" },
  dateOrder: "日期写法",
  dateOrders: { dmy: "日.月.年", mdy: "月/日/年", ymd: "年-月-日" },
  header: "第一行",
  headers: { names: "列名", values: "数据" },
  found: (what: string) => `${what}（自动识别）`,
};

export default zh;
