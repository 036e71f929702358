import { defineConfig } from "vitest/config";

// A busy machine is no reason for a red test.
export default defineConfig({ test: { testTimeout: 60_000 } });
