import { beforeEach, expect, test, vi } from "vitest";
import { asked, begin, NOBODY, remembered, server, told } from "./browser";

beforeEach(begin);

const post = { method: "POST", body: "{}" };

async function loaded() {
  const session = await import("../../src/client/session/session");
  const { request, Problem } = await import("../../src/client/http/problems");
  return { ...session, request, Problem };
}

function refused(
  status: number,
  kind: string,
  headers: Record<string, string> = {},
  members: object = {},
): Response {
  const type = { "Content-Type": "application/problem+json" };
  const body = JSON.stringify({
    type: `/docs#${kind}`,
    title: "No",
    detail: "Not so.",
    status,
    ...members,
  });
  return new Response(body, { status, headers: { ...type, ...headers } });
}

test("a server that does not want to know who asks is never asked who is signed in", async () => {
  server.wantsToKnow = false;
  const { request, may, session, signedOut } = await loaded();
  await request("/plot", post);
  expect(asked).toEqual([{ request: "POST /plot", csrf: null }]);
  expect([session.value, signedOut.value, may("admin")]).toEqual([null, false, true]);
});

test("the first request that changes something waits for the session, and shows its token", async () => {
  const { request } = await loaded();
  await Promise.all([request("/plot", post), request("/styles")]);
  await request("/charts", post);
  expect(asked.map((one) => one.request).sort()).toEqual([
    "GET /session",
    "GET /styles",
    "POST /charts",
    "POST /plot",
  ]);
  const written = asked.filter(({ request: one }) => one.startsWith("POST"));
  expect(written.map(({ csrf }) => csrf)).toEqual(["token", "token"]);
});

test("a page that did not know of the session learns of it from a refusal, and tries once more", async () => {
  server.wantsToKnow = false;
  server.answer = (_path, { headers }) =>
    new Headers(headers).has("Plotkiln-CSRF") ? new Response("{}") : refused(403, "forbidden");
  const { request } = await loaded();
  await request("/plot", post);
  expect(asked.map((one) => one.request)).toEqual(["POST /plot", "GET /session", "POST /plot"]);
});

test("whoever is signed out is told so, in their words, and not asked for again and again", async () => {
  server.session = told(NOBODY);
  server.answer = () => refused(401, "who");
  const { request, signedOut, Problem } = await loaded();
  const first = await request("/plot", post).catch((error: unknown) => error);
  expect(first).toBeInstanceOf(Problem);
  expect((first as Error).message).toBe("You are signed out. Sign in to go on.");
  expect(signedOut.value).toBe(true);
  await request("/plot", post).catch(() => undefined);
  expect(asked.filter((one) => one.request === "GET /session")).toHaveLength(1);
  expect(remembered.get("plotkiln.signed-out")).toBe("1");
});

test("where nobody can sign in, a refusal says what is taken instead", async () => {
  server.session = told({ ...NOBODY, sign_in: null });
  server.answer = () => refused(401, "who");
  const { request } = await loaded();
  await expect(request("/plot", post)).rejects.toThrow("API keys only");
});

test("what somebody may not do is named with whoever can allow it", async () => {
  const lacking = 'Bearer realm="plotkiln", error="insufficient_scope", scope="styles:write"';
  server.answer = () => refused(403, "forbidden", { "WWW-Authenticate": lacking });
  const { request, may } = await loaded();
  const put = request("/styles/report", { method: "PUT" });
  await expect(put).rejects.toThrow(/^You may not change styles\. .*\(styles:write\)\.$/);
  expect(asked.map((one) => one.request)).toEqual(["GET /session", "PUT /styles/report"]);
  expect([may("styles:read"), may("styles:write")]).toEqual([true, false]);
});

test("a limit says when there is room again; a full queue stays what it is", async () => {
  vi.stubGlobal("navigator", { onLine: true, languages: ["en-GB"] });
  server.answer = () => refused(429, "limit", { "Retry-After": "12" });
  const { request } = await loaded();
  await expect(request("/plot", post)).rejects.toThrow(/in 1[12] seconds\.$/);
  server.answer = () => refused(429, "queue-full", { "Retry-After": "2" });
  await expect(request("/plot", post)).rejects.toThrow("Not so.");
});

test("room that nobody gives is promised to nobody", async () => {
  server.answer = () => refused(429, "limit", { "Retry-After": "86400" }, { reason: "quota" });
  const { request } = await loaded();
  await expect(request("/charts", post)).rejects.toThrow(/^Your stored charts take all the room/);
});

test("an answer that is none leaves everything as it was", async () => {
  const { readSession, session } = await loaded();
  await readSession();
  server.session = "nothing of ours" as never;
  await readSession();
  expect(session.value?.name).toBe("user:ada");
});

test("why the worker did not draw is said in the user's words where they may not draw", async () => {
  server.session = told({ scopes: ["styles:read"] });
  await loaded();
  const { faultInWords } = await import("../../src/client/session/refusals");
  expect(await faultInWords("You may not do this")).toMatch(
    /^You may not draw charts .*\(render\)\.$/,
  );
});

test("what is wrong with a chart stays as the server says it", async () => {
  await loaded();
  const { faultInWords } = await import("../../src/client/session/refusals");
  expect(await faultInWords("no such style")).toBe("no such style");
});
