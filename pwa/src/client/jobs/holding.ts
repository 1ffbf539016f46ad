/** Which tabs wait for a job: the last one that does not any longer may stop it. */

interface Held {
  letGo: () => void;
  /** Resolves once it is let go. */
  gone: Promise<void>;
}

const held = new Map<string, Held>();

/** Wait for a job in this tab. */
export function hold(id: string): void {
  // Browsers have no locks for pages that came without HTTPS.
  if (held.has(id) || !isSecureContext) return;
  let letGo = () => {};
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const gone = navigator.locks.request(nameOf(id), { mode: "shared" }, () => until);
  held.set(id, { letGo, gone });
}

/** Wait no more; return whether no other tab waits. */
export async function release(id: string): Promise<boolean> {
  const own = held.get(id);
  held.delete(id);
  own?.letGo();
  await own?.gone;
  if (!isSecureContext) return true;
  return navigator.locks.request(nameOf(id), { ifAvailable: true }, (lock) => lock !== null);
}

function nameOf(id: string): string {
  return `plotkiln.job ${id}`;
}
