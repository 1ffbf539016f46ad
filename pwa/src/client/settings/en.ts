const en = {
  title: "Settings",
  language: "Language",
  theme: "Appearance",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  keyboard: "Keyboard",
  singleKeys: "Single keys act",
  singleKeysHint:
    "Such as “?” or “d”, without Ctrl or ⌘. Turn them off if you speak to the app or press keys by mistake.",
  notifications: {
    title: "Notifications",
    switch: "Tell when a job is done",
    hints: {
      default:
        "Only of jobs for which you click “Tell me”, and only while you look elsewhere. The browser asks you at the first.",
      granted: "Only of jobs for which you click “Tell me”, and only while you look elsewhere.",
      denied: "The browser blocks them. Allow notifications in its settings for this site.",
      none: "This browser shows none here: it may need HTTPS. The page tells you while it is open.",
    },
  },
  storage: "Storage on this device",
  used: (used: string, quota: string) => `${used} of ${quota} used`,
  nearlyFull:
    "Nearly full. Export the gallery, delete charts that you do not need, or empty the store of recent pictures.",
  unmeasured: "This browser does not say how much is used.",
  kept: "Charts in the gallery",
  recent: "Recent pictures",
  recentHint: "Shown at once, and offline. The oldest make room by themselves.",
  forget: "Empty",
  forgetRecent: "Empty the store of recent pictures",
  forgotten: (pictures: number) =>
    pictures === 1
      ? "Removed 1 recent picture. It is drawn again when you open it."
      : `Removed ${pictures} recent pictures. Each is drawn again when you open it.`,
  protection: "Protection",
  persisted: "The browser keeps your charts even when the disk fills up.",
  unpersisted:
    "The browser may clear your charts when the disk fills up. Export them now and then.",
  protect: "Ask for protection",
  refused: "The browser did not grant it. Installing the app usually helps.",
  app: "App",
  version: "Version",
  check: "Look for an update",
  checking: "Looking …",
  upToDate: "This is the newest version.",
  found: "A new version was found. It is ready in a moment.",
  waiting: "A new version is ready.",
  reload: "Reload",
  unreachable: "The server cannot be reached. Try again when you are online.",
  connection: "Server",
  online: "Reachable",
  offline: "Not reachable: stored charts work, new ones wait.",
  help: "Help",
  shortcuts: "Keyboard shortcuts",
  reference: "HTTP reference",
};

export default en;
export type Words = typeof en;
