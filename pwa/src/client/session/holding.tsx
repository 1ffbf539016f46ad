/** Holding back the work that lies here until the server has said who is signed in. */

import { online, probe } from "../pictures/connection";
import { isUsed, onReturn, startUse } from "../pictures/use";
import { standing } from "../shell/notices";
import { CLEARING, owner } from "./remembered";
import { readSession } from "./session";
import { words } from "./words";

/** Milliseconds until it is said that the work is held back. */
const SILENT = 1_000;
/** Milliseconds until the server is asked again: at first, and at most. */
const FIRST = 1_000;
const LONGEST = 30_000;
/** Milliseconds within which a server that is there shows a sign of life. */
const ALIVE = 3_000;

/**
 * Wait until it is known who is signed in, or the network is away.
 *
 * A server that is reached and does not say it, or only slowly, is asked again and again: behind
 * a session that it cannot read may be anybody's.
 */
export async function untilKnown(): Promise<void> {
  startUse();
  const telling = setTimeout(() => void tell(), SILENT);
  for (let wait = FIRST; !(await isKnown()); wait = Math.min(2 * wait, LONGEST)) {
    void tell();
    await pause(wait);
  }
  clearTimeout(telling);
  isOver = true;
  standing.value = null;
}

let isOver = false;

/** Without a network nobody is signed in here anew: what is here stays in sight. */
async function isKnown(): Promise<boolean> {
  if (await readSession()) return true;
  if (owner() === CLEARING) return false;
  await Promise.race([probe(), new Promise((done) => setTimeout(done, ALIVE))]);
  return !online.peek();
}

async function tell(): Promise<void> {
  await words.load();
  if (!isOver) standing.value = Unknown;
}

function Unknown() {
  return (
    <>
      {/* Of the view that would have one nothing stands yet. */}
      <h1 class="said">plotkiln</h1>
      <p class="banner quiet">{words().unknown}</p>
    </>
  );
}

/** Wait, no longer than until the user or the network comes back; on while nobody looks. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearInterval(timer);
      stop();
      done();
    };
    const timer = setInterval(() => isUsed() && end(), milliseconds);
    const stop = onReturn(end);
  });
}
