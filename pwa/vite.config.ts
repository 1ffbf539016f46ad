import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

/** The server's own addresses, for `npx vite` in front of a running plotkiln. */
const API = ["plot", "charts", "styles", "schemas", "templates", "health", "docs", "static"];
const SERVER = process.env.PLOTKILN_SERVER ?? "http://127.0.0.1:8080";

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
  server: { proxy: Object.fromEntries(API.map((name) => [`/${name}`, SERVER])) },
  plugins: [
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
      },
    }),
  ],
});
