import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

/** The server's own addresses, for `npx vite` in front of a running plotkiln. */
const API = [
  "plot",
  "charts",
  "styles",
  "schemas",
  "templates",
  "jobs",
  "artifacts",
  "events",
  "counters",
  "hits",
  "health",
  "docs",
  "static",
];
const SERVER = process.env.PLOTKILN_SERVER ?? "http://127.0.0.1:8080";

interface ShellFile {
  url: string;
  revision: string | null;
}

/** Where the build goes: `--outDir`, too, can say so. */
let outDir = "";

/**
 * Write the list of the shell's files beside them, and leave only its revision in the worker.
 *
 * The worker stays small however many files there are, and is another one when any of them is.
 */
async function listApart(files: ShellFile[]) {
  const addresses = files.map(({ url }) => (url === "index.html" ? "/" : `/${url}`)).sort();
  const revisions = files.map(({ url, revision }) => `${url} ${revision}`).sort();
  const revision = createHash("sha256").update(revisions.join("\n")).digest("hex").slice(0, 16);
  await writeFile(join(outDir, "shell.json"), JSON.stringify(addresses));
  return { manifest: [{ url: "shell.json", revision, size: 0 }] };
}

/** Return the version that the server's package has, too. */
function version(): string {
  const about = readFileSync(new URL("../src/plotkiln/__about__.py", import.meta.url), "utf8");
  return /__version__ = "(.+)"/.exec(about)?.[1] ?? "";
}

export default defineConfig({
  build: {
    outDir: "../src/plotkiln/api/static/app",
    emptyOutDir: true,
    target: "es2022",
    manifest: true,
    // Data URLs would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  define: { "import.meta.env.PLOTKILN_VERSION": JSON.stringify(version()) },
  server: {
    proxy: {
      ...Object.fromEntries(API.map((name) => [`/${name}`, SERVER])),
      "/live": { target: SERVER, ws: true },
    },
  },
  plugins: [
    {
      name: "out-dir",
      configResolved({ root, build }) {
        outDir = resolve(root, build.outDir);
      },
    },
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src/sw",
      filename: "sw.ts",
      injectRegister: false,
      manifest: false,
      injectManifest: {
        globPatterns: ["index.html", "manifest.webmanifest", "assets/**", "icons/*"],
        minify: true,
        rollupFormat: "iife",
        manifestTransforms: [listApart],
      },
    }),
  ],
});
