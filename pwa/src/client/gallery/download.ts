/** Hand bytes to the browser as a file. */
export function save(bytes: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  // The browser has taken the bytes when the click has been handled.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
