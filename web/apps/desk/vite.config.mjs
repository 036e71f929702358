import { purgeCSSPlugin } from "@fullhuman/postcss-purgecss";
import { defineConfig } from "vite";

const templates = "../../../src/shouwang/**/templates/**/*.html";
const drawings = "../../../src/shouwang/desk/**/*.py"; // classes that Python writes

// Built into the package, so that Django serves it and the wheel carries it; django-vite reads the manifest.
// Tabler's sheet is 900 kB; a village line should carry only the rules that some page uses.
export default defineConfig({
  base: "/static/built/",
  css: {
    postcss: {
      plugins: [
        purgeCSSPlugin({ content: [templates, drawings, "src/**/*.ts"], safelist: ["is-current", "has-script", "is-full", "is-some", "is-saved", "is-wrong"] }),
      ],
    },
  },
  build: {
    outDir: "../../../src/shouwang/desk/static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2020",
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: { input: "src/main.ts" },
  },
});
