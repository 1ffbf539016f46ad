/** Names of columns: each there, each once. */

/** Return the name of a column that has none, as spreadsheets count: A, B, …, Z, AA. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

/** Trim names, fill in those that are missing, and number those that come twice. */
export function uniqueNames(given: readonly string[]): string[] {
  const taken = new Set<string>();
  return given.map((text, index) => {
    const name = text.trim().replace(/\s+/g, " ") || letterOf(index);
    let unique = name;
    for (let count = 2; taken.has(unique); count += 1) unique = `${name} (${count})`;
    taken.add(unique);
    return unique;
  });
}
