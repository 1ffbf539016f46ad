import type { Problem } from "../http/problems";

const times = (attempts: number) => (attempts === 1 ? "1 attempt" : `${attempts} attempts`);

const en = {
  title: "Events",
  lead: "What arrived at the broker, where it went, what failed.",
  loading: "Reading the events …",
  retry: "Try again",
  counter: {
    title: "Hit counter",
    label: "visits to the counted page",
    alt: (total: string) => `An odometer that shows ${total}`,
    drawing: "The picture is being drawn.",
    none: "No visits yet. Open the counted page: each view is an event, and redraws the picture.",
    away: "No hit counter runs here.",
    fault: (reason: string) => `The counter cannot be read: ${reason}`,
    offline: "The server cannot be reached.",
    open: "Open the counted page",
  },
  filter: "Show",
  filters: { all: "All", failed: "Failed" },
  list: { all: "Events, newest first", failed: "Events that failed somewhere, newest first" },
  more: "Load older events",
  further: "Older events, on the command line:",
  number: (number: number) => `Event ${number}`,
  from: (source: string) => `from ${source}`,
  states: { waiting: "Waiting", delivered: "Delivered", dead: "Failed" },
  delivery: {
    onItsWay: "on its way",
    now: (attempts: number) => `being tried again, ${times(attempts)} so far`,
    next: (when: string, attempts: number) => `tried again ${when}, ${times(attempts)} so far`,
    attempts: (attempts: number) => `after ${times(attempts)}`,
    letter: (trigger: string) => `${trigger}, as a dead letter`,
    noAnswer: "no answer",
    last: (status: string, detail: string) => (detail ? `${status}: ${detail}` : status),
    unwanted: "No trigger wanted it",
  },
  replay: "Replay",
  replayOf: (number: number) => `Replay event ${number}`,
  replayed: (number: number, deliveries: number) =>
    deliveries === 0
      ? `No trigger wants event ${number}: nothing is delivered.`
      : `Event ${number} is delivered once more, to ${deliveries === 1 ? "1 trigger" : `${deliveries} triggers`}.`,
  notReplayed: (number: number, { kind, message }: Problem) =>
    kind === "offline"
      ? `Event ${number} was not replayed: the server cannot be reached. Try again when it is back.`
      : `Event ${number} was not replayed: ${message}`,
  details: {
    loading: "Reading the event …",
    attributes: "Attributes",
    data: "Data",
    noData: "It carries no data.",
    binary: (size: string) => `${size} of binary data`,
    cut: (size: string) => `The first part only; in all it is ${size}.`,
    json: "The event as JSON",
    reply: "In reply to",
    replies: "Replies",
    event: (number: number) => `event ${number}`,
    broker: "Broker",
    arrived: "Arrived",
  },
  one: {
    back: "All events",
    gone: (number: string) =>
      `There is no event ${number}, or it is not kept any more. The list shows those that are.`,
  },
  empty: {
    title: "No events yet",
    hint: "Send one from the command line; it shows up here within seconds.",
    command: "With plotkiln",
    curl: "With curl",
    copy: "Copy",
    copyOf: (what: string) => `Copy: ${what}`,
    copied: "Copied",
    refused: "The browser refused to copy. Select the command and copy it by keyboard.",
  },
  nothingFailed: "Nothing failed.",
  trouble: {
    away: "No embedded broker runs here",
    awayHint:
      "This server hands its events to the broker of a cluster, which delivers them and knows what became of them. Ask there, for example with kubectl get triggers.",
    offline: "The server cannot be reached. The events show when it is back.",
    offlineOld: "The server cannot be reached: this is what was known before.",
    fault: (reason: string) => `The events cannot be read: ${reason}`,
  },
};

export default en;
export type Words = typeof en;
