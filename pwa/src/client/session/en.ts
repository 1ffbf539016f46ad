import type { Scope } from "./session";

const acts: Record<Scope, string> = {
  render: "draw charts and look at pictures",
  jobs: "have charts drawn as jobs",
  "styles:read": "see styles and their history",
  "styles:write": "change styles",
  events: "send events",
  admin: "see the events of this server, and what belongs to others",
};

const en = {
  acts,
  signIn: "Sign in",
  welcome: "This server wants to know who draws.",
  signedOut: "You are signed out. Your work is still here.",
  unknown:
    "The server has not said yet who is signed in. Your work is safe; it is shown as soon as that is known.",
  keysOnly: "This server takes API keys only: nobody can sign in here.",
  waits: "The chart is drawn once you are signed in.",
  refused: "You are signed out. Sign in to go on.",
  lacks: (act: string, scope: Scope) =>
    `You may not ${act}. Whoever looks after this server can allow it (${scope}).`,
  limit: (when: string) =>
    `That is more than this server takes from one person for now. There is room again ${when}.`,
  full: "Your stored charts take all the room that this server gives one person. Whoever looks after it can give you more.",
  readOnly: "You may look at styles, not change them.",
  account: {
    title: "Signed in",
    titleOut: "Signed out",
    until: (when: string) => `Until ${when}`,
    may: "You may",
    nothing: "You may not do anything here yet. Whoever looks after this server can allow it.",
    signOut: "Sign out",
    ask: "Sign out of this browser?",
    goes: (charts: number) => {
      const gallery =
        charts === 1 ? "the chart of the gallery, " : `the ${charts} charts of the gallery, `;
      return `This browser will lose ${charts ? gallery : ""}drafts, unsaved styles, pictures and what waits. That cannot be undone.`;
    },
    everywhere:
      "Sign out at the identity provider, too: else the next person here may come in as you",
    export: "Export the gallery first",
    hint: "Signing out removes your work from this browser: others may use it.",
    stay: "Stay signed in",
    stays:
      "You are signed out of this server, and your work is removed from this browser. The identity provider was not told: sign out there, too, or the next person here may come in as you.",
    goOn: "Understood",
    offline:
      "The server cannot be reached, and you are still signed in. Try again when you are online.",
    failed: (reason: string) => `You are still signed in. ${reason}`,
  },
};

export default en;
export type Words = typeof en;
