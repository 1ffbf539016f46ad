/** A picture in a page, as HTML. */

/** Return the element that shows a picture in a page; sizes, where known, keep the page still. */
export function imageElement(
  address: string,
  alt: string,
  size: { width?: number; height?: number } = {},
): string {
  const sides = (["width", "height"] as const)
    .filter((side) => size[side] !== undefined)
    .map((side) => ` ${side}="${size[side]}"`);
  return `<img src="${escaped(address)}" alt="${escaped(alt)}"${sides.join("")}>`;
}

function escaped(text: string): string {
  const signs: Record<string, string> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };
  return text.replace(/[&"<>]/g, (sign) => signs[sign] ?? sign);
}
