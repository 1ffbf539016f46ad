/** Where live news are to be had. */

import { Problem, request } from "../http/problems";

/**
 * Ask the server, whose live channel may have another host; one that knows none has it itself.
 *
 * Null where the server does not say now.
 */
export async function liveAddress(): Promise<string | null> {
  try {
    const answer = await request("/live/address");
    const { url } = (await answer.json()) as { url: string };
    return socketAddress(url, location.href);
  } catch (error) {
    if (!(error instanceof Problem)) console.warn("the live channel has no address", error);
    else if (error.status === 404) return socketAddress("/live", location.href);
    return null;
  }
}

/** Return the address of a WebSocket, whole, as browsers before 2024 want it. */
export function socketAddress(url: string, base: string): string {
  const address = new URL(url, base);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}
