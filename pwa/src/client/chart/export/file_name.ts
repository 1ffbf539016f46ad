/** What a downloaded picture is called. */

/** Characters of a name before its ending. */
const LONGEST = 60;

/** Return a name made of a title, fit for every file system and shell: `sales-by-quarter.png`. */
export function fileName(title: string | undefined, ending: string): string {
  const words = (title ?? "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{Letter}\p{Number}\p{Mark}]+/gu, "-");
  const stem = [...words]
    .slice(0, LONGEST)
    .join("")
    .replace(/^-+|-+$/g, "");
  return `${stem || "chart"}.${ending}`;
}
