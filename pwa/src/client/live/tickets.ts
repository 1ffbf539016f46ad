/** Tickets: how a socket at another host says who opens it, since no cookie goes there. */

import { request } from "../http/problems";
import { knowSession, session } from "../session/session";
import type { Ticket } from "./channel";

/** Return what fetches a ticket for each socket; null where the page's own host has the channel. */
export function ticketsFor(address: string): Ticket | null {
  return new URL(address).host === new URL(location.href).host ? null : ticket;
}

/** Return one that is good once; empty where nobody has to say who they are. Throws `Problem`. */
async function ticket(): Promise<string> {
  await knowSession();
  if (!session.peek()?.identity) return "";
  const answer = await request("/live/tickets", { method: "POST" });
  return ((await answer.json()) as { ticket: string }).ticket;
}
