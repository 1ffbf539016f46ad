/** Where live news are to be had. */

/** Return the address of the live channel. */
export function liveAddress(): string {
  const address = new URL("/live", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}
