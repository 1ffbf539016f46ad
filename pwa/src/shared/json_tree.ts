/** JSON with the place of everything in it: what an edit, a fault and a form field go by. */

export type Path = readonly (string | number)[];
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface Range {
  from: number;
  to: number;
}

/** One member of an object, or one item of a list (whose key is its value's own range). */
export interface Member {
  name: string | number;
  key: Range;
  node: Node;
}

export interface Node extends Range {
  value: Json;
  members: readonly Member[];
}

/** Why a text is no JSON, and where. */
export class NotJson extends Error {
  readonly at: number;

  constructor(at: number) {
    super(`not JSON at ${at}`);
    this.at = at;
  }
}

/** Read a text; throws `NotJson`. Of members of one name the last counts, as for the server. */
export function readTree(text: string): Node {
  const reader = new Reader(text);
  const node = reader.value();
  reader.end();
  return node;
}

/** Read a text; null where it is no JSON. */
export function treeOf(text: string): Node | null {
  try {
    return readTree(text);
  } catch {
    return null;
  }
}

/** Return what a path leads to. */
export function nodeAt(root: Node, path: Path): Node | null {
  return memberAt(root, path)?.node ?? (path.length ? null : root);
}

/** Return the member that a path ends with; none for the empty path. */
export function memberAt(root: Node, path: Path): Member | null {
  let found: Member | null = null;
  let node = root;
  for (const name of path) {
    const next = node.members.findLast((member) => member.name === name);
    if (!next) return null;
    found = next;
    node = next.node;
  }
  return found;
}

/** Return the range of the deepest part of a path that is there: where its fault is shown. */
export function rangeOf(root: Node, path: Path): Range {
  for (let length = path.length; length > 0; length--) {
    const member = memberAt(root, path.slice(0, length));
    if (member)
      return length === path.length && !member.node.members.length ? member.node : member.key;
  }
  return { from: root.from, to: Math.min(root.from + 1, root.to) };
}

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them within texts
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y;
/** Levels within each other that are followed. */
const DEEPEST = 64;

class Reader {
  private at = 0;
  private level = 0;

  constructor(private readonly text: string) {
    this.skip(SPACE);
  }

  end(): void {
    if (this.at < this.text.length) throw new NotJson(this.at);
  }

  value(): Node {
    if (++this.level > DEEPEST) throw new NotJson(this.at);
    const node = this.read();
    this.level--;
    this.skip(SPACE);
    return node;
  }

  private read(): Node {
    const first = this.text[this.at];
    if (first === "{") return this.object();
    if (first === "[") return this.list();
    const from = this.at;
    const found = this.skip(first === '"' ? STRING : SCALAR);
    if (!found) throw new NotJson(from);
    return { from, to: this.at, value: JSON.parse(found) as Json, members: [] };
  }

  private object(): Node {
    return this.container("}", () => {
      const from = this.at;
      const key = this.skip(STRING);
      if (!key) throw new NotJson(from);
      const to = this.at;
      this.skip(SPACE);
      this.take(":");
      return { name: JSON.parse(key) as string, key: { from, to }, node: this.value() };
    });
  }

  private list(): Node {
    let index = 0;
    return this.container("]", () => {
      const node = this.value();
      return { name: index++, key: { from: node.from, to: node.to }, node };
    });
  }

  private container(close: string, next: () => Member): Node {
    const from = this.at++;
    this.skip(SPACE);
    const members: Member[] = [];
    while (this.text[this.at] !== close) {
      if (members.length) this.take(",");
      members.push(next());
    }
    this.at++;
    return { from, to: this.at, value: contentOf(close, members), members };
  }

  private take(mark: string): void {
    if (this.text[this.at] !== mark) throw new NotJson(this.at);
    this.at++;
    this.skip(SPACE);
  }

  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }
}

function contentOf(close: string, members: readonly Member[]): Json {
  if (close === "]") return members.map((member) => member.node.value);
  return Object.fromEntries(members.map((member) => [String(member.name), member.node.value]));
}
