/** What of a browser the session needs: its storage, its document, its server. */

import { vi } from "vitest";
import type { Session } from "../../src/client/session/session";

/** What this browser remembers. */
export const remembered = new Map<string, string>();

/** What was asked of the server: `POST /plot`, and by which token against forgery. */
export const asked: { request: string; csrf: string | null }[] = [];

/** How the server answers; the session is answered apart. */
export const server = {
  session: {} as Session,
  answer: (_path: string, _init: RequestInit) => new Response("{}", { status: 200 }),
  /** Whether its document says that it wants to know who asks. */
  wantsToKnow: false,
};

/** Return what the server says of somebody. */
export function told(changed: Partial<Session> = {}): Session {
  return {
    identity: true,
    name: "user:ada",
    label: "Ada",
    scopes: ["render", "jobs", "styles:read"],
    csrf: "token",
    sign_in: "/sign-in",
    expires: "2026-11-26T18:00:00Z",
    ...changed,
  };
}

/** Nobody is signed in. */
export const NOBODY = { name: null, label: null, scopes: [], csrf: null, expires: null };

/** Begin with an empty browser and a server that wants to know who asks. */
export function begin(): void {
  vi.resetModules();
  remembered.clear();
  asked.length = 0;
  server.session = told();
  server.wantsToKnow = true;
  server.answer = () => new Response("{}", { status: 200 });
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("location", { reload: vi.fn() });
  vi.stubGlobal("document", { querySelector: () => (server.wantsToKnow ? {} : null) });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => remembered.get(key) ?? null,
    setItem: (key: string, value: string) => remembered.set(key, value),
    removeItem: (key: string) => remembered.delete(key),
  });
  vi.stubGlobal("fetch", (path: string, init: RequestInit = {}) => {
    const csrf = new Headers(init.headers).get("Plotkiln-CSRF");
    asked.push({ request: `${init.method ?? "GET"} ${path}`, csrf });
    if (path === "/session") return Promise.resolve(Response.json(server.session));
    return Promise.resolve(server.answer(path, init));
  });
}
