/** Whether the browser lets the page show notifications, and whether the user wants them. */

import { signal } from "@preact/signals";

const REMEMBERED = "plotkiln.notifications";

/** `none`: the browser has none, or not for pages without HTTPS. */
export type Permission = NotificationPermission | "none";

export const permission = signal<Permission>(current());

/** Whether the user turned them off in this app. */
export const areOff = signal(localStorage.getItem(REMEMBERED) === "off");

/** Whether a notification can be shown. */
export function mayNotify(): boolean {
  return current() === "granted" && !areOff.value;
}

/** Ask the user, unless that was answered before; only ever upon a click. */
export async function askToNotify(): Promise<Permission> {
  permission.value = current() === "default" ? await Notification.requestPermission() : current();
  return permission.value;
}

/** Turn notifications on or off, and remember it. */
export function turn(on: boolean): void {
  areOff.value = !on;
  localStorage.setItem(REMEMBERED, on ? "on" : "off");
}

function current(): Permission {
  return isSecureContext && "Notification" in window ? Notification.permission : "none";
}
