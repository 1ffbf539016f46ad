const en = {
  views: {
    chart: "Chart",
    gallery: "Gallery",
    styles: "Styles",
    jobs: "Jobs",
    events: "Events",
    settings: "Settings",
  },
  underWay: "under way",
  skip: "Skip to the content",
  navigation: "Views",
  reference: "Reference",
  undo: "Undo",
  close: "Close",
  shortcuts: "Keyboard shortcuts",
  listShortcuts: "List the keyboard shortcuts",
  goTo: (view: string) => `Go to ${view}`,
  offline: "Offline: what is stored here works, new charts wait.",
  viewMissing: "This view is not stored on this device yet. Connect once to open it.",
  retry: "Try again",
  updateWaiting: "A new version is ready.",
  update: "Reload",
};

export default en;
export type Words = typeof en;
