/** Where live news are to be had. */

import { Problem, request } from "../http/problems";

/**
 * Ask the server, whose live channel may have another host; where it does not say, it is its own.
 *
 * Null where it cannot be reached.
 */
export async function liveAddress(): Promise<string | null> {
  try {
    const answer = await request("/live/address");
    const { url } = (await answer.json()) as { url: string };
    return socketAddress(url, location.href);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.kind === "offline" ? null : socketAddress("/live", location.href);
  }
}

/** Return the address of a WebSocket, whole, as browsers before 2024 want it. */
export function socketAddress(url: string, base: string): string {
  const address = new URL(url, base);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}
