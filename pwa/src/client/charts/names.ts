/** Names of columns that were meant. */

/** Return the name that is written most alike; null where none is. */
export function nearestName(name: string, among: readonly string[]): string | null {
  const wanted = name.toLowerCase().trim();
  const ranked = among
    .map((other) => ({ other, far: distance(wanted, other.toLowerCase().trim()) }))
    .sort((a, b) => a.far - b.far)[0];
  return ranked && ranked.far <= Math.max(2, wanted.length / 2) ? ranked.other : null;
}

/** Count the characters to insert, drop or replace; a name that begins with the other is near. */
function distance(a: string, b: string): number {
  if (a !== "" && b !== "" && (a.startsWith(b) || b.startsWith(a))) return 0.5;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
