import { describe, expect, it } from "vitest";

import { type FileDoc, type HomeDoc, houseOf } from "../src/documents.ts";
import { dayOf } from "../src/logic/dates.ts";
import type { Entry } from "../src/logic/entries.ts";
import { inOrder, linesOf, nextFile } from "../src/logic/lines.ts";

const ZONE = "Asia/Shanghai";
const at = (time: string, day = "2020-02-05"): string => `${day}T${time}:00+08:00`;
const of = (instant: number | string): string => dayOf(instant, ZONE);

function home(key: string, more: Partial<HomeDoc>): [string, HomeDoc] {
  const plain = { household: key, head: key, address: "", place: "", area: "", telephone: "", point: null, call: 1, walk: null };
  return [`home/${key}`, { ...plain, ring_at: null, begin: null, promised: null, late: false, files: [`${key}1`], ...more }];
}

function file(id: string, more: Partial<FileDoc> = {}): [string, FileDoc] {
  const due = [
    { at: at("12:00"), from: at("06:00"), channel: "visit", slot: 0 },
    { at: at("20:00"), from: at("14:00"), channel: "visit", slot: 1 },
    { at: at("12:00", "2020-02-06"), from: at("06:00", "2020-02-06"), channel: "visit", slot: 32 },
  ];
  const plain = { home: id.slice(0, -1), person: id, name: id, sex: "f", born: null, tags: [], area: "", stage: "", day_no: 9 };
  const rest = { last_day_no: 14, day_zero: "2020-01-27", channels: ["visit"], remote: false, quorum: 0, roles: [], last: null };
  return [`file/${id}`, { id, ...plain, ...rest, due, done_today: false, ...more } as FileDoc];
}

function check(target: string, time: string, outcome = "done"): Entry {
  const payload = { file: target, channel: "visit", outcome, deci: 365, symptoms: [], seen: "person", roles: [], note: "" };
  const remote = { thermometer: "", witness: "", photo_seen: null, corrects: null, reason: "" };
  return { id: `${target}${time}`, at: at(time), title: "", kind: "check", alerts: [], payload: { ...payload, ...remote } };
}

const HOUSE = houseOf([
  home("a", { walk: 2 }),
  home("b", { walk: 1, files: ["b1", "b2"] }),
  home("c", { call: 3 }),
  file("a1"),
  file("b1"),
  file("b2"),
  file("c1"),
]);
const keys = (entries: readonly Entry[], time: string) => {
  const day = linesOf(HOUSE, entries, Date.parse(at(time)), of);
  return Object.fromEntries(Object.entries(day).map(([where, lines]) => [where, lines.map((line: { key: string }) => line.key)]));
};

describe("the day's list", () => {
  it("puts the telephone first, then the doors as one walks", () => {
    expect(keys([], "07:00")).toMatchObject({ late: [], call: ["c"], door: ["b", "a"], done: [] });
  });

  it("puts late ones on top and says how late", () => {
    const day = linesOf(HOUSE, [check("b1", "08:00"), check("b2", "08:01")], Date.parse(at("12:30")), of);
    expect(day.late.map((line) => [line.key, line.lateMinutes])).toEqual([["a", 30], ["c", 30]]);
  });

  it("folds away what was done, also by this phone alone, until the next duty begins", () => {
    const done = [check("a1", "07:10")];
    expect(keys(done, "08:00")).toMatchObject({ door: ["b"], later: ["a"] });
    expect(keys(done, "14:00")).toMatchObject({ door: ["a"] });
    expect(keys([...done, check("a1", "15:00")], "16:00")).toMatchObject({ done: ["a"] });
  });

  it("leaves a household open while one of its people is", () => {
    expect(keys([check("b1", "07:10")], "08:00")).toMatchObject({ door: ["b", "a"] });
  });

  it("puts who was not at home behind the others and keeps them due", () => {
    expect(keys([check("b1", "07:10", "not-home")], "08:00")).toMatchObject({ door: ["a", "b"] });
  });

  it("does not count yesterday's check for today", () => {
    const old = { ...check("a1", "07:00"), at: at("07:00", "2020-02-04") } as Entry;
    expect(keys([old], "08:00")).toMatchObject({ door: ["b", "a"] });
  });
});

describe("who comes next", () => {
  it("is somebody of the same household, then the next household, then nobody", () => {
    const day = (entries: readonly Entry[]) => linesOf(HOUSE, entries, Date.parse(at("07:30")), of);
    expect(nextFile(day([check("b1", "07:10")]), "b", "b1")).toEqual({ home: "b", file: "b2" });
    expect(nextFile(day([check("b1", "07:10"), check("b2", "07:11")]), "b", "b2")).toEqual({ home: "c", file: "c1" });
    const all = ["a1", "b1", "b2", "c1"].map((one) => check(one, "07:20"));
    expect(inOrder(day(all))).toEqual([]);
    expect(nextFile(day(all), "a", "a1")).toBeNull();
  });
});
