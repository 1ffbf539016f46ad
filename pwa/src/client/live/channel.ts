/** One WebSocket to `/live`, opened while something is wanted, and again when it breaks. */

import { backoff } from "./backoff";
import {
  addressWith,
  covers,
  DROPPED,
  type LiveEvent,
  readEvent,
  SUBPROTOCOL,
  SUBSCRIBED,
  type Subscribed,
  subscription,
  WELCOME,
  type Welcome,
} from "./events";

/** Who is told. */
export interface Listener {
  hear(event: LiveEvent): void;
  /** Something may have been missed of topics, else of all: ask by GET. */
  reconcile(isAbout?: (topic: string) => boolean): void;
  /** Sockets fail, or work again. */
  failing(fails: boolean): void;
  /** The server ends the socket of somebody who is to say anew who they are. */
  expired(): void;
}

/** Tries without a welcome after which sockets count as failing. */
export const FAILING = 2;
/** Milliseconds within which a server must say welcome. */
const WELCOMED_WITHIN = 10_000;
/** Signs of life that may be missed before a connection counts as dead. */
const MISSED = 2.5;

/** How the server closes what a session no longer carries (`live/sessions.py`). */
const EXPIRED = 4401;

/** Returns a ticket that is good for one socket; rejects where there is none. */
export type Ticket = () => Promise<string>;

export class Channel {
  #base: string;
  /** Fetches what the address of one socket says of who opens it; null where a cookie says it. */
  #ticket: Ticket | null;
  readonly #listener: Listener;
  #topics: readonly string[] = [];
  #socket: WebSocket | null = null;
  #welcomed = false;
  /** What the server was asked for. */
  #asked = "";
  /** What it listens to, as far as it said so. */
  #heard: readonly string[] = [];
  /** The sequence of the last event that was heard. */
  #last = "";
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Milliseconds without a frame after which the connection is dead. */
  #silence = WELCOMED_WITHIN;
  #frames = 0;
  /** Counts the tries to open a socket, so that an outdated one is known. */
  #tries = 0;

  constructor(base: string, listener: Listener, ticket: Ticket | null = null) {
    this.#base = base;
    this.#listener = listener;
    this.#ticket = ticket;
  }

  /** Whether events come as they happen. */
  get isOpen(): boolean {
    return this.#welcomed;
  }

  /** Listen to these topics from now on; without any the socket is closed. */
  want(topics: readonly string[]): void {
    this.#topics = topics;
    if (topics.length === 0) this.close();
    else if (this.#welcomed) this.#subscribe();
    else if (!this.#socket && this.#timer === undefined) this.#connect();
  }

  /** Open the next socket at another address. */
  move(base: string, ticket: Ticket | null = null): void {
    this.#base = base;
    this.#ticket = ticket;
  }

  /** Close it; the next wish opens it where it was left. */
  close(): void {
    this.#stopTimer();
    this.#tries += 1;
    const socket = this.#socket;
    this.#socket = null;
    this.#welcomed = false;
    socket?.close(1000);
  }

  /** Forget how often it failed: the network is another one. */
  hurry(): void {
    if (this.#socket || this.#timer === undefined) return;
    this.#stopTimer();
    this.#connect();
  }

  #connect(): void {
    if (this.#topics.length === 0) return;
    this.#silence = WELCOMED_WITHIN;
    this.#watch();
    if (this.#ticket) void this.#connectBy(this.#ticket);
    else this.#open("");
  }

  async #connectBy(ticket: Ticket): Promise<void> {
    const own = ++this.#tries;
    const fetched = await ticket().catch(() => null);
    if (own !== this.#tries || this.#timer === undefined) return;
    if (fetched === null) this.#lose();
    else this.#open(fetched);
  }

  #open(ticket: string): void {
    const topics = this.#topics;
    this.#asked = topics.join();
    const address = addressWith(this.#base, topics, this.#last, ticket);
    const socket = new WebSocket(address, SUBPROTOCOL);
    this.#socket = socket;
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (socket === this.#socket) this.#take(data, topics);
    });
    socket.addEventListener("close", ({ code }) => {
      if (socket !== this.#socket) return;
      this.#lose();
      if (code === EXPIRED) this.#listener.expired();
    });
  }

  /** `topics`: those that the socket was opened with. */
  #take(frame: unknown, topics: readonly string[]): void {
    this.#watch();
    const event = readEvent(frame);
    if (!event) return;
    if (event.sequence) this.#last = event.sequence;
    if (event.type === WELCOME) this.#welcome(event.data as Welcome, topics);
    else if (event.type === SUBSCRIBED) this.#listens((event.data as Subscribed).topics);
    else if (event.type === DROPPED) this.#listener.reconcile();
    else this.#listener.hear(event);
  }

  #welcome({ resumed, heartbeat }: Welcome, topics: readonly string[]): void {
    this.#welcomed = true;
    this.#failures = 0;
    this.#silence = heartbeat * 1000 * MISSED;
    this.#watch();
    this.#listener.failing(false);
    this.#subscribe();
    if (resumed) this.#listens(topics);
    else this.#listener.reconcile();
    this.#heard = topics;
  }

  /** What happened before a topic was listened to is known to nobody. */
  #listens(topics: readonly string[]): void {
    const before = this.#heard;
    this.#heard = topics;
    const isNew = (topic: string) => covers(topics, topic) && !covers(before, topic);
    if (topics.some(isNew)) this.#listener.reconcile(isNew);
  }

  #subscribe(): void {
    const asked = this.#topics.join();
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#frames += 1;
    this.#socket?.send(subscription(this.#topics, `${this.#frames}`));
  }

  /** End a connection that says nothing for too long: a dead one does not say so itself. */
  #watch(): void {
    this.#stopTimer();
    this.#timer = setTimeout(() => {
      const socket = this.#socket;
      this.#lose();
      socket?.close();
    }, this.#silence);
  }

  #lose(): void {
    this.#stopTimer();
    this.#tries += 1;
    this.#socket = null;
    this.#welcomed = false;
    this.#failures += 1;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#connect();
    }, backoff(this.#failures));
    if (this.#failures >= FAILING) this.#listener.failing(true);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
