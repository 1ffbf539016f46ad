/** Which view is shown: the part of the address behind `#`, since paths belong to the HTTP API. */

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

export const VIEW_NAMES = ["chart", "gallery", "styles", "jobs", "events", "settings"] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

/** What a view's module exports by default. */
export interface View {
  /** `argument` is what follows the view's name: `corporate` in `#/styles/corporate`. */
  component: ComponentType<{ argument: string }>;
  /** Fetch words and data that the first picture of the view needs. */
  load(): Promise<unknown>;
}

const VIEWS: Record<ViewName, () => Promise<{ default: View }>> = {
  chart: () => import("../chart/index"),
  gallery: () => import("../gallery/index"),
  styles: () => import("../styles/index"),
  jobs: () => import("../jobs/index"),
  events: () => import("../events/index"),
  settings: () => import("../settings/index"),
};

export interface Route {
  name: ViewName;
  argument: string;
  view: View;
}

/** The view on screen; the last one stays until the next is loaded. */
export const route = signal<Route | null>(null);

/** The view's module could not be fetched: offline before it was ever stored. */
export const routeFault = signal<ViewName | null>(null);

/** Return the address of a view. */
export function hrefOf(name: ViewName, argument = ""): string {
  return `#/${name === "chart" && !argument ? "" : name}${argument && `/${encodeURIComponent(argument)}`}`;
}

/** Show a view. */
export function go(name: ViewName, argument = ""): void {
  location.hash = hrefOf(name, argument);
}

/** Show the view that the address names, now and whenever it changes. */
export async function startRouting(): Promise<void> {
  addEventListener("hashchange", () => void follow());
  await follow();
}

function named(): { name: ViewName; argument: string } {
  const [first = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  const name = VIEW_NAMES.find((known) => known === first) ?? "chart";
  return { name, argument: decoded(rest.join("/")) };
}

/** Return an argument as it was meant; empty where its escapes are broken, as in `%E0%A4%A`. */
function decoded(argument: string): string {
  try {
    return decodeURIComponent(argument);
  } catch {
    return "";
  }
}

async function follow(): Promise<void> {
  const { name, argument } = named();
  try {
    const view = (await VIEWS[name]()).default;
    await view.load();
    if (named().name !== name) return;
    route.value = { name, argument, view };
    routeFault.value = null;
  } catch (error) {
    console.warn(`the view ${name} could not be loaded`, error);
    routeFault.value = name;
  }
}
