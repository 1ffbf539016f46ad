/** Paths as the server writes them: `palette[0]`, `rc["a b"]`, `title.color`. */

import type { Path } from "../../../shared/json_tree";

const PART = /\.?([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Read a path; what cannot be read ends it. */
export function readPath(text: string): Path {
  const path: (string | number)[] = [];
  PART.lastIndex = 0;
  for (let found = PART.exec(text); found; found = PART.exec(text)) {
    if (found[2] !== undefined) path.push(Number(found[2]));
    else path.push(found[1] ?? String(JSON.parse(`"${found[3]}"`)));
  }
  // Names of rcParams hold dots: `rc.axes.titlepad` is one name below `rc`.
  return path[0] === "rc" && path.length > 2 ? ["rc", path.slice(1).join(".")] : path;
}

/** Write a path. */
export function pathText(path: Path): string {
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`));
  return parts.join("").replace(/^\./, "");
}
