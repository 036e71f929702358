import { expect, test } from "vitest";

import { HIGHEST, isPossible, LIKELY, LOWEST, stepped, WHOLE, written } from "../src/temperature.ts";

test("every tenth that a thermometer shows is reached by steps, and written as it is read", () => {
  const readings = [];
  for (let deci = LOWEST; deci < HIGHEST; deci = stepped(deci, 1)) readings.push(written(deci));
  expect(readings.length).toBe(HIGHEST - LOWEST);
  expect(new Set(readings).size).toBe(readings.length);
  expect(readings.slice(72, 76)).toEqual(["37.2", "37.3", "37.4", "37.5"]);
});

test("a step down takes a step up back, and neither leaves the thermometer", () => {
  expect(stepped(stepped(373, 1), -1)).toBe(373);
  expect(stepped(HIGHEST, 1)).toBe(HIGHEST);
  expect(stepped(LOWEST, -1)).toBe(LOWEST);
});

test("degrees typed as degrees, halves of tenths and thirty-seven hundred are not possible", () => {
  for (const deci of [37.3, 37, 373.5, 3730, Number.NaN]) expect(isPossible(deci)).toBe(false);
  expect(isPossible(null)).toBe(true);
});

test("what is offered at once is possible and in order", () => {
  expect([...LIKELY].sort((a, b) => a - b)).toEqual([...LIKELY]);
  for (const deci of [...LIKELY, ...WHOLE.map((whole) => whole * 10 + 9)]) expect(isPossible(deci)).toBe(true);
});

test("nothing measured is written as nothing", () => {
  expect(written(null)).toBe("");
  expect(written(360)).toBe("36.0");
});
