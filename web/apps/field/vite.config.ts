import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

import { RELEASE } from "./src/release.ts";

const built = fileURLToPath(new URL("../../../src/shouwang/fieldapi/static/field", import.meta.url));

// Built into the package: fieldapi/site.py serves it at /field/ with its own policy, and the wheel carries it.
export default defineConfig({
  base: "/field/",
  define: { __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __INTLIFY_PROD_DEVTOOLS__: "false" },
  plugins: [
    vue(),
    VitePWA({
      registerType: "prompt",
      injectRegister: false, // src/update.ts does it: an update waits until no form is open
      strategies: "generateSW",
      scope: "/field/",
      manifest: {
        id: "/field/",
        name: "守望·外勤",
        short_name: "守望外勤",
        description: "入户测查、排查、到达登记，没有信号也能用",
        lang: "zh-Hans",
        start_url: "/field/",
        scope: "/field/",
        display: "standalone",
        orientation: "portrait",
        background_color: "#f6f7f5",
        theme_color: "#17596b",
        icons: [
          { src: "icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
          { src: "icon-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      workbox: {
        globPatterns: ["**/*.{js,css,html,png,svg}"],
        globIgnores: ["**/scan-*"], // enrolling needs the server anyway; a scanner is not carried by everybody
        navigateFallback: "index.html",
        navigateFallbackAllowlist: [/^\/field\//],
        cleanupOutdatedCaches: true,
        inlineWorkboxRuntime: true,
        cacheId: `shouwang-field-${RELEASE}`,
      },
    }),
  ],
  build: {
    outDir: built,
    emptyOutDir: true,
    target: "es2020",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  worker: { format: "es" },
});
