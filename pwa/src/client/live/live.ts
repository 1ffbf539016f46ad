/** Live news: a socket while there is something to wait for and somebody is there, else polling. */

import { effect } from "@preact/signals";
import { online } from "../pictures/connection";
import { isUsed } from "../pictures/use";
import { liveAddress } from "./address";
import { Channel } from "./channel";
import { Polling } from "./polling";
import { awake, tell, topicsOf, type Wish, wishes } from "./wishes";

/** Milliseconds between two looks whether somebody is still there. */
const EVERY = 1_000;
/** Milliseconds that a socket stays open when nothing is wanted: a view follows another. */
const LINGER = 3_000;

let channel: Channel | null = null;
/** Whether the channel's address is being asked for. */
let opening = false;
const polling = new Polling();
let failing = false;
let frozen = false;
/** Until when a socket without wishes stays open. */
let lingering = 0;

/** Begin to listen; return what ends it. */
export function startLive(): () => void {
  const ending = new AbortController();
  listen(ending.signal);
  const timer = setInterval(look, EVERY);
  const stops = [effect(followWishes), effect(followNetwork)];
  return () => {
    ending.abort();
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

function followNetwork(): void {
  const reached = online.value;
  look();
  if (reached) channel?.hurry();
}

/** Listen to what is wanted now, and to nothing else. */
function look(): void {
  const used = isUsed();
  const wanted = frozen || !online.peek() ? [] : awake(wishes.peek(), used);
  if (wanted.length > 0) lingering = Date.now() + LINGER;
  polling.keep(failing ? wanted : []);
  if (wanted.length > 0 && !channel) void open();
  const lingers = used && !frozen && online.peek() && Date.now() < lingering;
  if (wanted.length > 0 || !lingers) channel?.want(topicsOf(wanted));
}

/** Ask for the channel's address when something is wanted for the first time. */
async function open(): Promise<void> {
  if (opening) return;
  opening = true;
  try {
    const address = await liveAddress();
    if (address) channel = new Channel(address, { hear: tell, reconcile, failing: fail });
  } finally {
    opening = false;
  }
  look();
}

function fail(fails: boolean): void {
  failing = fails;
  look();
}

function reconcile(): void {
  const wanted: readonly Wish[] = [...wishes.peek()];
  for (const one of wanted) one.reconcile();
}
