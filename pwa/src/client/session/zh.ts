import type { Words } from "./en";

const zh: Words = {
  acts: {
    render: "绘制图表、查看图片",
    jobs: "以任务方式绘制图表",
    "styles:read": "查看样式及其历史",
    "styles:write": "修改样式",
    events: "发送事件",
    admin: "查看此服务器的事件和他人的内容",
  },
  signIn: "登录",
  welcome: "此服务器需要登录后才能绘图。",
  signedOut: "登录已失效，做好的内容都还在。",
  unknown: "服务器尚未告知登录者是谁。内容都还在，确认后即会显示。",
  keysOnly: "此服务器只接受 API 密钥，无法在此登录。",
  waits: "登录后即会绘制此图表。",
  refused: "请先登录。",
  lacks: (act, scope) => `你还不能${act}，可请服务器管理员开通（${scope}）。`,
  limit: (when) => `已达到此服务器给每个人的限额，${when}恢复。`,
  full: "你存下的图表已占满此服务器给每个人的空间，可请服务器管理员扩容。",
  readOnly: "你可以查看样式，但不能修改。",
  account: {
    title: "已登录",
    titleOut: "未登录",
    until: (when) => `有效至 ${when}`,
    may: "你可以",
    nothing: "你还没有任何权限，可请服务器管理员开通。",
    signOut: "退出登录",
    ask: "要在此浏览器退出登录吗？",
    goes: (charts) =>
      `${charts ? `图库中的 ${charts} 张图表、` : ""}草稿、未保存的样式、图片和排队中的内容都会从此浏览器中移除，无法恢复。`,
    everywhere: "同时在身份提供方退出登录，否则下一位使用者可能直接以你的身份登录",
    export: "先导出图库",
    hint: "退出登录会移除此浏览器中你的内容，以免被他人看到。",
    stay: "保持登录",
    stays:
      "已退出此服务器，内容也已从此浏览器中移除。但未能通知身份提供方：请到那里也退出登录，否则下一位使用者可能直接进入。",
    goOn: "知道了",
    offline: "无法连接服务器，你仍处于登录状态，请联网后再试。",
    failed: (reason) => `你仍处于登录状态。${reason}`,
  },
};

export default zh;
