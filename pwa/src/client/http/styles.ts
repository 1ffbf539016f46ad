/** The style store over HTTP. */

import { request } from "./problems";

export type StyleState = "fresh" | "stale" | "builtin";

export interface ListedStyle {
  name: string;
  /** Of the last good document; `0` for the built-in style. */
  version: string;
  state: StyleState;
  digest?: string;
  extends?: string;
  draft_of?: string;
  palette?: string[];
  warnings?: string[];
  /** Why the newest document does not serve. */
  fault?: string;
}

export interface StyleList {
  styles: ListedStyle[];
  reachable: boolean;
  fault: string | null;
}

/** One document as it is stored, broken or not. */
export interface StoredStyle {
  version: string;
  text: string;
}

export type ChangeKind =
  | "written"
  | "deleted"
  | "observed"
  | "rolled-back"
  | "imported"
  | "published";

/** One entry of a history. */
export interface Change {
  version: string;
  kind: ChangeKind;
  who: string;
  /** ISO 8601. */
  when: string;
  why: string;
  /** `title.color #333333 → #222222`. */
  differences: string[];
}

export interface HistoryPage {
  changes: Change[];
  /** The version below which there are more. */
  before?: string;
}

/** A picture in a style that is not stored; `src` is to be revoked. */
export interface Preview {
  src: string;
  state: StyleState;
  warnings: readonly string[];
}

/** What guards a write: the version that it replaces, `0` where it creates. */
type Expected = string;

const JSON_TYPE = { "Content-Type": "application/json" };

/** List every style, `default` first; throws `Problem`. */
export async function listStyles(signal?: AbortSignal): Promise<StyleList> {
  const answer = await request("/styles", signal ? { signal } : {});
  return (await answer.json()) as StyleList;
}

/** Read the newest document; throws `Problem`. */
export async function readStyle(name: string, signal?: AbortSignal): Promise<StoredStyle> {
  return stored(await request(pathOf(name), signal ? { signal } : {}));
}

/** Read the newest document; null while it is still of a version. */
export async function readNewer(name: string, version: string): Promise<StoredStyle | null> {
  const answer = await request(pathOf(name), { headers: { "If-None-Match": quoted(version) } });
  return answer.status === 304 ? null : stored(answer);
}

/** Read the document of an old version; throws `Problem` where it is not kept. */
export async function readVersion(name: string, version: string): Promise<StoredStyle> {
  return stored(await request(`${pathOf(name)}?version=${version}`));
}

/** Write a document and return its version; throws `Problem`, of kind `lost-race` where somebody else wrote first. */
export async function writeStyle(
  name: string,
  text: string,
  expected: Expected,
  why = "",
): Promise<string> {
  const reason = why.trim() ? `?why=${encodeURIComponent(why.trim())}` : "";
  const headers = { ...JSON_TYPE, ...guard(expected) };
  return versionOf(await request(pathOf(name) + reason, { method: "PUT", body: text, headers }));
}

/** Remove a document; its history stays. */
export async function removeStyle(name: string, expected: Expected): Promise<void> {
  await request(pathOf(name), { method: "DELETE", headers: guard(expected) });
}

/** Read what became of a style, newest first, below a version. */
export async function readHistory(name: string, before?: string): Promise<HistoryPage> {
  const query = before ? `&before=${before}` : "";
  const answer = await request(`${pathOf(name)}/history?limit=20${query}`);
  return (await answer.json()) as HistoryPage;
}

/** Write the document of an old version anew, and return its new version. */
export async function rollBack(
  name: string,
  version: string,
  expected: Expected,
  why = "",
): Promise<string> {
  return posted(`${pathOf(name)}/rollback`, { version: Number(version), why }, expected);
}

/** Put the draft of a version in the style's place, and return the style's new version. */
export async function publishDraft(
  name: string,
  draft: string,
  expected: Expected,
  why = "",
): Promise<string> {
  return posted(`${pathOf(name)}/publish`, { draft: Number(draft), why }, expected);
}

/** Return the JSON Schema of a style. */
export async function readStyleSchema(): Promise<object> {
  return (await (await request("/schemas/style")).json()) as object;
}

/** Draw a spec in a document that is not stored; the text must be JSON. */
export async function previewStyle(
  name: string,
  text: string,
  spec: object,
  signal: AbortSignal,
): Promise<Preview> {
  const body = `{"style": ${text}, "spec": ${JSON.stringify(spec)}}`;
  const headers = { ...JSON_TYPE, Accept: "image/png" };
  const answer = await request(`${pathOf(name)}/preview`, {
    method: "POST",
    body,
    headers,
    signal,
  });
  const bytes = await answer.blob();
  return {
    src: URL.createObjectURL(bytes),
    state: answer.headers.get("Plotkiln-Style-State") === "stale" ? "stale" : "fresh",
    warnings: warningsOf(answer.headers.get("Plotkiln-Warnings")),
  };
}

function pathOf(name: string): string {
  return `/styles/${encodeURIComponent(name)}`;
}

function guard(expected: Expected): Record<string, string> {
  return expected === "0" ? { "If-None-Match": "*" } : { "If-Match": quoted(expected) };
}

function quoted(version: string): string {
  return `"${version}"`;
}

async function posted(path: string, body: object, expected: Expected): Promise<string> {
  const headers = { ...JSON_TYPE, ...guard(expected) };
  return versionOf(await request(path, { method: "POST", body: JSON.stringify(body), headers }));
}

function versionOf(answer: Response): string {
  return (answer.headers.get("ETag") ?? "").replaceAll('"', "");
}

async function stored(answer: Response): Promise<StoredStyle> {
  return { version: versionOf(answer), text: await answer.text() };
}

function warningsOf(header: string | null): string[] {
  return (header ?? "")
    .split(";")
    .map((text) => decodeURIComponent(text).trim())
    .filter(Boolean);
}
