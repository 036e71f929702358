import { expect, test } from "vitest";

import { isOff, offsetOf } from "../src/clock.ts";

test("a phone seven minutes slow is off, and so is one seven minutes fast", () => {
  expect([420, -420].map((skew) => isOff(skew))).toEqual([true, true]);
  expect([420, -420].map((skew) => offsetOf(skew))).toEqual([420_000, -420_000]);
});

test("five minutes are not beyond five minutes, and are believed as they are", () => {
  expect([300, 301, -300, -301].map((skew) => isOff(skew))).toEqual([false, true, false, true]);
  expect(offsetOf(300)).toBe(0);
});

test("the pack says how many minutes", () => {
  expect(isOff(90, 1)).toBe(true);
  expect(offsetOf(420, 10)).toBe(0);
});

test("a clock that was never compared is taken as right", () => {
  expect(isOff(null)).toBe(false);
  expect(offsetOf(null)).toBe(0);
});
