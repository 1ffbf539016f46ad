/** Live news: a socket while there is something to wait for and somebody is there, else polling. */

import { effect } from "@preact/signals";
import { online, probe } from "../pictures/connection";
import { isUsed } from "../pictures/use";
import { may, readSession, type Scope, session, signedOut } from "../session/session";
import { liveAddress } from "./address";
import { Channel, FAILING } from "./channel";
import { Polling } from "./polling";
import { ticketsFor } from "./tickets";
import { Trying } from "./trying";
import { awake, tell, topicsOf, type Wish, wishes } from "./wishes";

/** Milliseconds between two looks whether somebody is still there. */
const EVERY = 1_000;
/** Milliseconds that a socket stays open when nothing is wanted: a view follows another. */
const LINGER = 3_000;

/** Topic → what whoever listens to it must be allowed. */
const SCOPES: Readonly<Record<string, Scope>> = {
  jobs: "jobs",
  styles: "styles:read",
  artifacts: "render",
};

let channel: Channel | null = null;
/** Whether the channel's address is being asked for. */
let opening = false;
/** Whether anybody listens. */
let listening = false;
const polling = new Polling();
const asking = new Trying();
const probing = new Trying();
let failing = false;
let frozen = false;
/** Until when a socket without wishes stays open. */
let lingering = 0;

/** Begin to listen; return what ends it. */
export function startLive(): () => void {
  const ending = new AbortController();
  listening = true;
  listen(ending.signal);
  const timer = setInterval(look, EVERY);
  const stops = [effect(followWishes), effect(followNetwork), effect(followSession)];
  return () => {
    ending.abort();
    listening = false;
    clearInterval(timer);
    for (const stop of stops) stop();
    channel?.close();
    polling.keep([]);
    channel = null;
  };
}

/** Whether events come as they happen. */
export function isLive(): boolean {
  return channel?.isOpen ?? false;
}

/** A page that is put away keeps no socket: the browser could not keep the page then. */
function listen(signal: AbortSignal): void {
  const freeze = (on: boolean) => () => {
    frozen = on;
    look();
  };
  document.addEventListener("visibilitychange", look, { signal });
  document.addEventListener("freeze", freeze(true), { signal });
  document.addEventListener("resume", freeze(false), { signal });
  addEventListener("pagehide", freeze(true), { signal });
  addEventListener("pageshow", freeze(false), { signal });
  addEventListener("focus", look, { signal });
}

function followWishes(): void {
  if (wishes.value) look();
}

/** A socket that asks for one topic too many is refused as a whole. */
function isAllowed({ topic }: Wish): boolean {
  const scope = SCOPES[topic.split("/")[0] ?? ""];
  return !scope || may(scope);
}

/** Who is signed in now, if anybody, opens the next one. */
function expired(): void {
  void readSession();
}

function followSession(): void {
  if (session.value) look();
}

function followNetwork(): void {
  const reached = online.value;
  if (reached) asking.reset();
  if (reached) probing.reset();
  look();
  if (reached) channel?.hurry();
}

/** Listen to what is wanted now, and to nothing else. */
function look(): void {
  const used = isUsed();
  const wishing = frozen ? [] : awake(wishes.peek(), used);
  const wanted = online.peek() && !signedOut.peek() ? wishing.filter(isAllowed) : [];
  if (wishing.length > 0 && !online.peek() && !used) search();
  if (wanted.length > 0) lingering = Date.now() + LINGER;
  polling.keep(failing ? wanted : []);
  if (wanted.length > 0 && !channel && asking.isDue) void open();
  const lingers = used && !frozen && online.peek() && Date.now() < lingering;
  if (wanted.length > 0 || !lingers) channel?.want(topicsOf(wanted));
}

/** Look for a server that is away, for those who want to be told while nobody looks. */
function search(): void {
  if (!probing.isDue) return;
  probing.failed();
  void probe();
}

/** Ask for the channel's address: when something is wanted for the first time, or sockets fail. */
async function open(): Promise<void> {
  if (opening) return;
  opening = true;
  const address = await liveAddress();
  opening = false;
  if (!listening) return;
  if (address) take(address);
  else unanswered();
}

function take(address: string): void {
  asking.reset();
  const ticket = ticketsFor(address);
  const listener = { hear: tell, reconcile, failing: fail, expired };
  channel?.move(address, ticket);
  channel ??= new Channel(address, listener, ticket);
  look();
}

/** Without an address there is no socket. */
function unanswered(): void {
  asking.failed();
  if (!channel && online.peek() && asking.failures >= FAILING) fail(true);
}

function fail(fails: boolean): void {
  failing = fails;
  // A browser does not tell why: the session may be over.
  if (fails && session.peek()?.identity && !signedOut.peek()) void readSession();
  // It may be elsewhere by now.
  if (fails && channel && asking.isDue) void open();
  look();
}

function reconcile(isAbout = (_topic: string) => true): void {
  const wanted: readonly Wish[] = [...wishes.peek()];
  for (const one of wanted) if (isAbout(one.topic)) one.reconcile();
}
