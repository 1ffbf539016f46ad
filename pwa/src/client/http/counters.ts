/** The hit counter over HTTP. */

import { request } from "./problems";

export interface Total {
  subject: string;
  /** The run of the number; a reset begins the next. */
  generation: number;
  total: number;
}

/** The picture of a total, which is drawn a little later than it is counted. */
export interface TotalPicture {
  src: string;
  /** What it shows. */
  number: number;
}

/** Read a total, 0 where nothing was counted; throws `Problem`, of status 404 where no counter is. */
export async function readTotal(subject: string): Promise<Total> {
  return (await (await request(`/counters/${subject}`)).json()) as Total;
}

/** Return the newest picture under a name; its address holds the ETag, so that it is shown anew. */
export async function readTotalPicture(name: string): Promise<TotalPicture> {
  const { headers } = await request(`/artifacts/${name}`, { method: "HEAD", cache: "no-cache" });
  const tag = (headers.get("ETag") ?? "").replaceAll('"', "");
  return {
    src: `/artifacts/${name}?${new URLSearchParams({ tag })}`,
    number: Number(headers.get("Plotkiln-Number")),
  };
}
