import type { Words } from "./en";

const zh: Words = {
  title: "事件",
  lead: "代理收到了什么、送往何处、哪些失败。",
  loading: "正在读取事件…",
  retry: "重试",
  counter: {
    title: "访问计数",
    label: "次访问",
    alt: (total) => `里程表，显示 ${total}`,
    drawing: "图片正在绘制。",
    none: "还没有访问。打开计数页面试试：每次浏览都是一个事件，图片随之重绘。",
    away: "此服务器没有运行访问计数。",
    fault: (reason) => `无法读取计数：${reason}`,
    offline: "无法连接服务器。",
    open: "打开计数页面",
  },
  filter: "筛选",
  filters: { all: "全部", failed: "失败" },
  list: { all: "全部事件，最新的在前", failed: "投递失败的事件，最新的在前" },
  more: "加载更早的事件",
  further: "更早的事件请用命令行查看：",
  number: (number) => `事件 ${number}`,
  from: (source) => `来自 ${source}`,
  states: { waiting: "等待", delivered: "已送达", dead: "失败" },
  delivery: {
    onItsWay: "正在投递",
    now: (attempts) => `正在重试，此前已试 ${attempts} 次`,
    next: (when, attempts) => `${when}重试，已试 ${attempts} 次`,
    attempts: (attempts) => `共试 ${attempts} 次`,
    letter: (trigger) => `${trigger}（死信）`,
    noAnswer: "无应答",
    last: (status, detail) => (detail ? `${status}：${detail}` : status),
    unwanted: "没有触发器需要它",
  },
  replay: "重放",
  replayOf: (number) => `重放事件 ${number}`,
  replayed: (number, deliveries) =>
    deliveries === 0
      ? `没有触发器需要事件 ${number}，未作投递。`
      : `事件 ${number} 正在重新投递给 ${deliveries} 个触发器。`,
  notReplayed: (number, { kind, message }) =>
    kind === "offline"
      ? `事件 ${number} 未能重放：无法连接服务器，请在恢复后重试。`
      : `事件 ${number} 未能重放：${message}`,
  details: {
    loading: "正在读取事件…",
    attributes: "属性",
    data: "数据",
    noData: "不含数据。",
    binary: (size) => `${size} 二进制数据`,
    cut: (size) => `仅显示开头部分，全部共 ${size}。`,
    json: "查看 JSON 原文",
    reply: "回复自",
    replies: "引发的回复",
    event: (number) => `事件 ${number}`,
    broker: "代理",
    arrived: "到达时间",
  },
  one: {
    back: "全部事件",
    gone: (number) => `事件 ${number} 不存在或已不再保留，现存的事件见列表。`,
  },
  empty: {
    title: "还没有事件",
    hint: "用命令行发送一个，几秒内就会出现在这里。",
    command: "使用 plotkiln",
    curl: "使用 curl",
    copy: "复制",
    copyOf: (what) => `复制：${what}`,
    copied: "已复制",
    refused: "浏览器不允许复制，请选中命令后用键盘复制。",
  },
  nothingFailed: "没有失败的事件。",
  trouble: {
    away: "这里没有内嵌代理",
    awayHint:
      "此服务器把事件交给集群的代理投递，结果也由它记录。请到集群中查看，例如运行 kubectl get triggers。",
    offline: "无法连接服务器，恢复后会显示事件。",
    offlineOld: "无法连接服务器，以下是此前的情况。",
    fault: (reason) => `无法读取事件：${reason}`,
  },
};

export default zh;
