import { describe, expect, test } from "vitest";

import {
  ALERT,
  type Alert,
  alertsOf,
  ConditionError,
  contextOf,
  evaluate,
  parse,
  Refused,
  textOf,
  whyAlert,
} from "../src/index.ts";

const LINE = { value: [{ code: "fever-line", from: { "2020-01-01": 373, "2020-03-01": 375 } }] };
const CTX = contextOf(LINE, "2020-02-01");
const FEVER: Alert = {
  code: "fever",
  title: { "zh-hans": "发热", en: "fever" },
  severity: "urgent",
  when: { any: [{ "temperature-at-least": "fever-line" }, { "symptom-any": ["cough"] }] },
  tell: ["medic"],
};

describe("two halves of two trips", () => {
  const when = parse({ "stayed-in": ["42"], "returned-since": "2020-01-20" });
  const [wuhan, guangdong] = [{ origin: "4201", returned: "2019-10-01" }, { origin: "44", returned: "2020-01-25" }];
  test("do not make one", () => {
    expect(evaluate(when, { trips: [wuhan, guangdong] }, CTX)).toBe(false);
  });
  test("are unknown while a date is missing", () => {
    expect(evaluate(when, { trips: [{ origin: "4201" }] }, CTX)).toBeNull();
  });
});

test("a fever of exactly the line is a fever, a tenth less is none, and an unmeasured one is none", () => {
  const raised = (temperature: number | null) =>
    alertsOf({ alert: [FEVER] }, { check: { temperature, symptoms: [] } }, CTX);
  expect(raised(373)).toEqual([FEVER]);
  expect(raised(372)).toEqual([]);
  expect(raised(null)).toEqual([]);
});

test("the line is that of the day", () => {
  const later = contextOf(LINE, "2020-03-01");
  expect(alertsOf({ alert: [FEVER] }, { check: { temperature: 374 } }, later)).toEqual([]);
});

test("an alarm says why, in three languages, and only what was met", () => {
  const facts = { check: { temperature: 380, symptoms: ["cough"] } };
  const names = { symptom: [{ code: "cough", title: { "zh-hans": "咳嗽", en: "cough" } }] };
  expect(whyAlert(FEVER, facts, CTX, names, "zh-Hans")).toEqual(["体温达到37.3 ℃", "有咳嗽"]);
  expect(whyAlert(FEVER, facts, CTX, names, "zh-Hant")).toEqual(["體溫達到37.3 ℃", "有咳嗽"]);
  expect(whyAlert(FEVER, { check: { temperature: 380 } }, CTX, names, "en")).toEqual(["temperature of 37.3 ℃ or more"]);
  expect(whyAlert(FEVER, { check: { temperature: 365, symptoms: [] } }, CTX, names, "en")).toEqual([]);
});

test("a text that was not translated is told in simplified Chinese, whichever way its languages are spelled", () => {
  expect(textOf(FEVER.title, "zh-Hant")).toBe("发热");
  expect(textOf({ "zh-Hans": "发热", "zh-Hant": "發熱", en: "fever" }, "zh-Hant")).toBe("發熱");
  expect(textOf("发热", "en")).toBe("发热");
});

test.each(["constructor", "__proto__", "trips", "days-completed"])("%s is no word of an alert", (word) => {
  expect(() => parse(JSON.parse(`{"${word}": 1}`), ALERT)).toThrow(ConditionError);
});

test("a value that the pack does not name on the day is refused with its code", () => {
  const early = contextOf(LINE, "2019-12-31");
  expect(() => alertsOf({ alert: [FEVER] }, { check: { temperature: 380 } }, early)).toThrow(Refused);
});
