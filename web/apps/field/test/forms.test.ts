import { describe, expect, it } from "vitest";

import { codeIn } from "../src/arrived.ts";
import { findPlaces, freshArrival, isArrivalReady, sameVehicle } from "../src/logic/arrival.ts";
import { formOf, freshCheck, missing, payloadOf, witnessesFor } from "../src/logic/check.ts";
import { age, dayWords, near } from "../src/logic/dates.ts";
import { arrow, distance, legOf } from "../src/logic/direction.ts";
import { freshDoor, freshFound, isDoorReady, leastPeople, visitOf } from "../src/logic/door.ts";
import { standing } from "../src/logic/entries.ts";
import { isWeakPin } from "../src/logic/pin.ts";

const FILE = { id: "f", channels: ["phone", "visit"], remote: true };

describe("a check", () => {
  it("begins with the duty's channel, and is saved only when temperature and symptoms were asked", () => {
    const form = freshCheck(FILE, { at: "", from: "", channel: "video", slot: 0 });
    expect(form.channel).toBe("video");
    expect(missing(form)).toBe("temperature");
    form.deci = 366;
    expect(missing(form)).toBe("symptoms");
    form.isWell = true;
    expect(missing(form)).toBeNull();
  });

  it("of nobody says nothing of a body", () => {
    const form = { ...freshCheck(FILE, null), outcome: "not-home", deci: 365, symptoms: ["cough"], roles: ["medic"] };
    expect(missing(form)).toBeNull();
    expect(payloadOf(FILE, form)).toMatchObject({ deci: null, symptoms: [], seen: "nobody", roles: [], thermometer: "" });
  });

  it("by telephone never says that a worker saw the thermometer", () => {
    expect(witnessesFor("phone")).not.toContain("worker");
    const form = { ...freshCheck(FILE, null), deci: 365, isWell: true, witness: "worker" };
    expect(payloadOf(FILE, form).witness).toBe("");
    expect(payloadOf(FILE, { ...form, channel: "video" }).witness).toBe("worker");
    expect(payloadOf(FILE, { ...form, channel: "visit", thermometer: "ear" }).thermometer).toBe("");
  });

  it("comes back into the form as it was", () => {
    const form = { ...freshCheck(FILE, null), deci: 381, symptoms: ["fever"], photo: "yes", note: "x" };
    expect(payloadOf(FILE, formOf(payloadOf(FILE, form)))).toEqual(payloadOf(FILE, form));
  });
});

describe("a door", () => {
  it("counts at least those ticked and found, and nobody where nobody was met", () => {
    const form = { ...freshDoor(), outcome: "met", people: 1, named: ["a", "b"], found: [{ ...freshFound(), name: "王" }, freshFound()] };
    expect(leastPeople(form)).toBe(3);
    expect(isDoorReady(form)).toBe(false);
    expect(visitOf({ id: "d", sweep: "s" }, form)).toMatchObject({ people: 3, found: [{ name: "王" }] });
    expect(visitOf({ id: "d", sweep: "s" }, { ...form, outcome: "refused" })).toMatchObject({ people: 0, named: [], found: [] });
    expect(isDoorReady(freshDoor())).toBe(false);
  });
});

describe("an arrival", () => {
  it("keeps what is the same in the same vehicle", () => {
    const form = { ...freshArrival("500101135200", "沙包村"), name: "王", plate: "渝C1", from: "武汉", telephone: "139", deci: 365 };
    expect(isArrivalReady(form)).toBe(true);
    expect(sameVehicle(form)).toMatchObject({ name: "", telephone: "", deci: null, plate: "渝C1", from: "武汉", area: "500101135200" });
    expect(isArrivalReady({ ...form, name: "", plate: " " })).toBe(false);
  });

  it("finds places by any part, the nearest name first", () => {
    const places = ["龙沙镇沙包村", "龙沙镇龙沙社区", "分水镇沙坪村"].map((full) => ({ full, name: full.slice(3) }));
    expect(findPlaces(places, "沙").map((one) => one.name)).toEqual(["沙坪村", "沙包村", "龙沙社区"]);
    expect(findPlaces(places, "分水 沙")).toHaveLength(1);
    expect(findPlaces(places, " ")).toEqual([]);
  });
});

describe("words of time and way", () => {
  it("are said as people say them", () => {
    expect(dayWords("2020-01-23", "zh-Hans")).toBe("1月23日 周四");
    expect(dayWords("2020-01-23", "zh-Hant")).toBe("1月23日 週四");
    const now = Date.parse("2020-02-05T00:10:00+08:00");
    expect(near("2020-02-04T23:59:00+08:00", now, "Asia/Shanghai")).toBe(-1);
    expect(near(now, now, "Asia/Shanghai")).toBe(0);
    expect(age("2019-08-20", "2020-02-05")).toEqual({ unit: "month", amount: 5 });
    expect(age("1950-02-06", "2020-02-05")).toEqual({ unit: "year", amount: 69 });
    expect(age(null, "2020-02-05")).toBeNull();
  });

  it("point where one must walk", () => {
    expect(arrow(legOf([29.6, 105.6], [29.61, 105.6]))).toBe("↑");
    expect(arrow(legOf([29.6, 105.6], [29.6, 105.59]))).toBe("←");
    expect(distance(legOf([29.6, 105.6], [29.61, 105.6]).metres)).toEqual({ unit: "km", amount: "1.1" });
    expect(distance(legOf([29.6, 105.6], [29.6, 105.6]).metres)).toEqual({ unit: "m", amount: "10" });
  });
});

it("a PIN that everybody tries first is refused", () => {
  for (const pin of ["000000", "123456", "654321", "123123", "121212", "135791"]) expect(isWeakPin(pin), pin).toBe(true);
  for (const pin of ["804172", "271828", "192837"]) expect(isWeakPin(pin), pin).toBe(false);
});

it("a code is read from a link, from a scan and from a hand", () => {
  expect(codeIn("https://x/field/#enrol=abcdefghjk")).toBe("ABCDEFGHJK");
  expect(codeIn("abcde-fghjk")).toBe("ABCDEFGHJK");
  expect(codeIn("https://weixin.qq.com/x")).toBe("");
});

it("an entry that was corrected steps back", () => {
  const one = (id: string, corrects: string | null) => ({ id, at: "", title: "", kind: "visit", payload: { corrects } }) as never;
  expect(standing([one("a", null), one("b", "a")]).map(({ id }) => id)).toEqual(["b"]);
});
