/** WebSockets that a test opens, feeds and breaks itself: the network's part of the channel. */

export class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  readonly sent: string[] = [];
  closed = false;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    super();
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    const last = FakeSocket.all.at(-1);
    if (!last) throw new Error("no socket was opened");
    return last;
  }

  /** The topics that its address names. */
  get topics(): string[] {
    return new URL(this.url).searchParams.getAll("topic");
  }

  send(frame: string): void {
    this.sent.push(frame);
  }

  close(): void {
    this.closed = true;
  }

  /** What the server sends. */
  hear(type: string, members: object = {}): void {
    const data = JSON.stringify({ specversion: "1.0", id: "1", source: "/live", type, ...members });
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }

  welcome(resumed = false): void {
    this.hear("plotkiln.live.welcome", { data: { resumed, heartbeat: 20 } });
  }

  /** The connection is gone; `code` says why. */
  break(code = 1006): void {
    this.closed = true;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}
