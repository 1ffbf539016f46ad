/**
 * JSON whose objects remember the order of their members.
 *
 * JavaScript puts names that look like indices first: of `{"source": …, "2015": …}` it would make
 * 2015 the first column.
 */

/** Before a name that looks like an index, while a text is parsed; in no text of people (U+E000). */
const MARK = "\ue000";
/** A whole string of JSON, and the colon where it is the name of a member. */
const STRING = /"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?/g;
const INDEX = /^(?:0|[1-9]\d*)$/;

const orders = new WeakMap<object, readonly string[]>();

/** Parse a text; throws `SyntaxError`. */
export function parseOrdered(text: string): unknown {
  const marked = text.replace(STRING, (whole, name: string, colon?: string) =>
    colon && INDEX.test(name) ? `"${MARK}${name}"${colon}` : whole,
  );
  const value: unknown = JSON.parse(marked);
  return marked.length === text.length ? value : unmarked(value);
}

/** Return the names of an object's members in the order in which they were written. */
export function namesOf(members: object): readonly string[] {
  return orders.get(members) ?? Object.keys(members);
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    ([name, member]) => [name.replace(MARK, ""), unmarked(member)] as const,
  );
  const made = Object.fromEntries(entries);
  orders.set(
    made,
    entries.map(([name]) => name),
  );
  return made;
}
