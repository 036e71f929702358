import { expect, test } from "vitest";

import { isOff, skewOf, toldTime } from "../src/clock.ts";

const NOON = Date.parse("2020-02-05T12:00:00+08:00");
const answer = (serverTime: string, took = 0) => ({ serverTime, sentAt: NOON, receivedAt: NOON + took });

test("a phone that is seven minutes slow is told so, and tells the server's time", () => {
  const skew = skewOf(answer("2020-02-05T12:07:00+08:00"));
  expect(skew).toEqual({ seconds: 420, spread: 0 });
  expect(skew && isOff(skew)).toBe(true);
  expect(skew && toldTime(NOON, skew).toISOString()).toBe("2020-02-05T04:07:00.000Z");
});

test("a phone that is fast is off too", () => {
  const skew = skewOf(answer("2020-02-05T11:54:59+08:00"));
  expect(skew).toEqual({ seconds: -301, spread: 0 });
  expect(skew && isOff(skew)).toBe(true);
});

test("five minutes are not beyond five minutes", () => {
  const skew = skewOf(answer("2020-02-05T12:05:00+08:00"));
  expect(skew && isOff(skew)).toBe(false);
  expect(skew && isOff(skew, 4)).toBe(true);
});

test("a slow network alone is no wrong clock", () => {
  const skew = skewOf(answer("2020-02-05T12:10:00+08:00", 10 * 60_000));
  expect(skew).toEqual({ seconds: 300, spread: 300 });
  expect(skew && isOff(skew)).toBe(false);
});

test("a clock set back while the answer was on its way says nothing, nor does an answer without a time", () => {
  expect(skewOf(answer("2020-02-05T12:00:00+08:00", -1000))).toBeNull();
  expect(skewOf(answer("noon"))).toBeNull();
});
