import type { Words } from "./en";

const zh: Words = {
  views: {
    chart: "图表",
    gallery: "图库",
    styles: "样式",
    jobs: "任务",
    events: "事件",
    settings: "设置",
  },
  underWay: "进行中",
  skip: "跳到正文",
  navigation: "视图",
  reference: "参考文档",
  undo: "撤销",
  close: "关闭",
  shortcuts: "键盘快捷键",
  listShortcuts: "列出键盘快捷键",
  goTo: (view: string) => `转到${view}`,
  offline: "当前离线：已保存的内容可用，新图表会排队等候。",
  viewMissing: "此视图尚未存到本机，联网打开一次即可。",
  retry: "重试",
  updateWaiting: "新版本已就绪。",
  update: "重新加载",
};

export default zh;
