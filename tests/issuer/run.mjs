/**
 * Serves an OpenID provider for the tests, on 127.0.0.1 at the port that is the first argument. What
 * it is asked to be comes as JSON by PUT /-/settings: {jwks, clients, accounts, audience, algorithm,
 * claimsByUserinfo, tokenSeconds}; it becomes that at once, its sessions and codes kept.
 *
 * GET /-/counts tells how often each path was asked for, PUT /-/forget has it count anew, and
 * PUT /-/away has it answer nobody else.
 */

import { createServer } from "node:http";
import Provider from "oidc-provider";

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const scopes = ["render", "jobs", "styles:read", "styles:write", "events", "admin"];

let answer = (_, response) => response.writeHead(503).end();
let away = "";
let counts = {};

createServer(async (request, response) => {
  const path = request.url.split("?")[0];
  if (path.startsWith("/-/")) return command(path, request, response);
  counts[path] = (counts[path] ?? 0) + 1;
  if (away === "cut") return request.socket.destroy();
  if (away === "hanging") return;
  if (away === "failing") return response.writeHead(500).end();
  return answer(request, response);
}).listen(port, "127.0.0.1");

async function command(path, request, response) {
  if (path === "/-/settings") answer = provider(JSON.parse(await body(request)));
  if (path === "/-/forget") counts = {};
  if (path === "/-/away") away = JSON.parse(await body(request));
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(counts));
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** A provider as the settings say; who signs in has consented to everything. */
function provider(settings) {
  const made = new Provider(issuer, {
    jwks: settings.jwks,
    clients: settings.clients,
    cookies: { keys: ["only for tests"] },
    scopes: ["openid", "offline_access"],
    claims: { openid: ["sub"], profile: ["name"], groups: ["groups"] },
    conformIdTokenClaims: settings.claimsByUserinfo,
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256", "ES256"] },
    features: features(settings),
    findAccount: (_, id) => account(settings, id),
    extraTokenClaims: (_, token) => settings.accounts[token.accountId],
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: granted,
    ttl: { AccessToken: settings.tokenSeconds, ClientCredentials: settings.tokenSeconds },
  });
  made.use((context, next) => signIn(made, settings, context, next));
  return made.callback();
}

function features({ audience, algorithm, tokenSeconds }) {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      // a token of a machine is always for an audience; a person's where one was asked for
      defaultResource: (context) =>
        context.oidc.params.grant_type === "client_credentials" ? `urn:${audience}` : undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, resource) => ({
        scope: scopes.join(" "),
        audience: resource.replace(/^urn:/, ""),
        accessTokenFormat: "jwt",
        accessTokenTTL: tokenSeconds,
        jwt: { sign: { alg: algorithm } },
      }),
    },
  };
}

function account(settings, id) {
  const claims = settings.accounts[id];
  return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
}

async function granted({ oidc }) {
  const grant = new oidc.provider.Grant({
    accountId: oidc.session.accountId,
    clientId: oidc.client.clientId,
  });
  grant.addOIDCScope(oidc.params.scope);
  for (const resource of [oidc.params.resource].flat().filter(Boolean)) {
    grant.addResourceScope(resource, scopes.join(" "));
  }
  await grant.save();
  return grant;
}

/** The page that asks who it is; a `login_hint` that names an account is answer enough. */
async function signIn(made, { accounts }, context, next) {
  if (!context.path.startsWith("/interaction/")) return next();
  const { params, prompt } = await made.interactionDetails(context.req, context.res);
  if (prompt.name === "consent") return finish(made, context, { consent: {} });
  const given = new URLSearchParams(context.method === "POST" ? await body(context.req) : "");
  const login = given.get("login") ?? params.login_hint;
  if (login === "nobody") return finish(made, context, { error: "access_denied" });
  if (accounts[login]) return finish(made, context, { login: { accountId: login } });
  context.type = "html";
  context.body = `<!doctype html><html lang="en"><title>Sign in</title>
    <form method="post"><label>Name <input name="login" autofocus></label><button>Sign in</button></form>`;
}

function finish(made, context, result) {
  context.respond = false;
  return made.interactionFinished(context.req, context.res, result);
}
