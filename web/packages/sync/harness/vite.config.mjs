import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// One file that node 20 runs by itself: build/harness/phone.mjs in the repository's root.
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  logLevel: "warn",
  ssr: { noExternal: true },
  build: {
    ssr: "main.ts",
    target: "node20",
    outDir: fileURLToPath(new URL("../../../../build/harness", import.meta.url)),
    emptyOutDir: true,
    rollupOptions: { output: { entryFileNames: "phone.mjs" } },
  },
});
