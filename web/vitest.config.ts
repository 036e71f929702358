import { defineConfig } from "vitest/config";

// One run for every workspace: a folder may have its own vitest.config.ts (DOM, Vue); without one the defaults hold.
export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "!apps/desk"],
  },
});
