/** Jobs that the user asks for. */

import type { Format } from "../../shared/pictures";
import { Deferred, hasEnded, newOrder } from "../http/jobs";
import { Problem } from "../http/problems";
import { release } from "../pictures/pictures";
import { drawOrQueue, queued } from "../pictures/queue";
import { follow } from "./followed";
import { learn } from "./known";
import { put } from "./list";

/** What became of an order; `drawn`: its picture was there already. */
export type Order = "submitted" | "drawn" | "waits";

/** Have a spec drawn as a job, or let it wait for the network; throws `Problem`. */
export async function submit(spec: object, format: Format): Promise<Order> {
  const order = newOrder();
  try {
    release(await drawOrQueue(spec, format, undefined, order));
    return "drawn";
  } catch (error) {
    if (error instanceof Deferred) {
      learn(error.job);
      put(error.job);
      follow(error.job);
      return hasEnded(error.job) ? "drawn" : "submitted";
    }
    if (error instanceof Problem && queued.peek().has(order)) return "waits";
    throw error;
  }
}
