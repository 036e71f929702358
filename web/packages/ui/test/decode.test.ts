import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { beforeAll, expect, test } from "vitest";
import { prepareZXingModule } from "zxing-wasm/reader";

import { readQr } from "../src/decode.ts";
import { photographed, type Shot, TEXT } from "./picture.ts";

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm"));
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer;
  await prepareZXingModule({ overrides: { wasmBinary }, equalityFn: () => true, fireImmediately: true });
});

const SHOTS: readonly (readonly [string, Shot])[] = [
  ["held straight", {}],
  ["held askew", { turned: 23 }],
  ["upside down", { turned: 180 }],
  ["far away", { module: 3 }],
  ["in the dusk", { dark: 60, light: 110, noise: 12 }],
  ["in glaring sun", { dark: 150, light: 255, noise: 10 }],
];

test.each(SHOTS)("a code of the desk is read, %s", async (_, shot) => {
  expect(await readQr(photographed(shot))).toBe(TEXT);
});

test("a wall is no code", async () => {
  expect(await readQr(photographed({ dark: 200, light: 200, noise: 20 }))).toBeNull();
});
