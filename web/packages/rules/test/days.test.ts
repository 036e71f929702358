import { expect, test } from "vitest";

import { daysBetween, localDay, shifted } from "../src/index.ts";

test("a day moves over the end of a leap February", () => {
  expect(shifted("2020-02-28", 2)).toBe("2020-03-01");
  expect(shifted("2019-02-28", 1)).toBe("2019-03-01");
  expect(shifted("2020-03-01", -1)).toBe("2020-02-29");
});

test("a day stays inside the calendar", () => {
  expect(shifted("0001-01-02", -5)).toBe("0001-01-01");
  expect(shifted("9999-12-30", 1_000_000_000)).toBe("9999-12-31");
});

test("days between two days count both ways", () => {
  expect(daysBetween("2020-01-20", "2020-02-03")).toBe(14);
  expect(daysBetween("2020-02-03", "2020-01-20")).toBe(-14);
});

test("the local day changes at midnight of the place, not of the phone or of UTC", () => {
  expect(localDay(new Date("2020-02-05T15:59:59Z"), "Asia/Shanghai")).toBe("2020-02-05");
  expect(localDay(new Date("2020-02-05T16:00:00Z"), "Asia/Shanghai")).toBe("2020-02-06");
  expect(localDay(new Date("2020-02-05T16:00:00Z"), "America/New_York")).toBe("2020-02-05");
});
