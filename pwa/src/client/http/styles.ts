/** The style store over HTTP. */

import { request } from "./problems";

export interface ListedStyle {
  name: string;
  version: string;
  state: "fresh" | "stale" | "builtin";
  digest?: string;
  extends?: string;
  draft_of?: string;
  palette?: string[];
  warnings?: string[];
  fault?: string;
}

export interface StyleList {
  styles: ListedStyle[];
  reachable: boolean;
  fault: string | null;
}

/** List every style, `default` first; throws `Problem`. */
export async function listStyles(signal?: AbortSignal): Promise<StyleList> {
  const answer = await request("/styles", signal ? { signal } : {});
  return (await answer.json()) as StyleList;
}
