/** What the telephone loads: alerts alone stay small, and bring neither categories nor calendars along. */
import { gzipSync } from "node:zlib";

import { build } from "vite";
import { expect, test } from "vitest";

const INDEX = new URL("../src/index.ts", import.meta.url).pathname;

async function bundled(names: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === "virtual:entry" ? id : null),
        load: (id) => (id === "virtual:entry" ? `export { ${names} } from ${JSON.stringify(INDEX)}` : null),
      },
    ],
    build: { write: false, minify: true, rolldownOptions: { input: "virtual:entry", preserveEntrySignatures: "strict" } },
  });
  const [output] = [built].flat();
  if (output === undefined || !("output" in output)) throw new Error("nothing was built");
  return output.output.map((chunk) => ("code" in chunk ? chunk.code : "")).join("");
}

test("an alarm needs neither categories nor calendars", async () => {
  const code = await bundled("alertsOf, contextOf, localDay, whyAlert");
  expect(code).toContain("temperature-at-least");
  expect(code).not.toContain("found-late");
  expect(code).not.toContain("ledgers");
  expect(gzipSync(code).length).toBeLessThan(4500);
});

test("all rules together stay small", async () => {
  const code = await bundled("alertsOf, classify, contextOf, dueOn, ledgersOf, planFor, relevant, stageOn, whyAlert");
  expect(code).toContain("found-late");
  expect(gzipSync(code).length).toBeLessThan(6000);
});
