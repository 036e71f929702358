/** 今日 The day's list: late first, then the telephone, then the doors in walking order. Pure; the clock is handed in. */

import type { Due, FileDoc, HomeDoc, House } from "../documents.ts";
import type { Leg } from "./direction.ts";
import { legOf } from "./direction.ts";
import type { Entry } from "./entries.ts";

export interface Reading {
  readonly at: string;
  readonly deci: number | null;
  readonly outcome: string;
  /** True where it lies on this phone and the server may not have it. */
  readonly own: boolean;
}

export interface FileLine {
  readonly file: FileDoc;
  /** The next duty that nobody has met; null where nothing is left today. */
  readonly next: Due | null;
  readonly last: Reading | null;
  readonly done: boolean;
}

export type Where = "late" | "call" | "door" | "later" | "done";

export interface Line {
  readonly key: string;
  readonly home: HomeDoc;
  readonly files: readonly FileLine[];
  readonly next: Due | null;
  readonly where: Where;
  readonly lateMinutes: number;
  /** Outcome of a try of today that met nobody; the line goes behind its fellows. */
  readonly tried: Reading | null;
  readonly leg: Leg | null;
}

export interface Day {
  readonly late: readonly Line[];
  readonly call: readonly Line[];
  readonly door: readonly Line[];
  readonly later: readonly Line[];
  readonly done: readonly Line[];
}

export type DayOf = (at: number | string) => string;

/** The list of a local day. `dayOf` says which local day an instant is. */
export function linesOf(house: House, entries: readonly Entry[], now: number, dayOf: DayOf): Day {
  const today = dayOf(now);
  const own = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (entry.kind !== "check" || dayOf(entry.at) !== today) continue;
    const held = own.get(entry.payload.file);
    if (held === undefined) own.set(entry.payload.file, [entry]);
    else held.push(entry);
  }
  const lines = [...house.homes].map(([key, home]) => lineOf(key, home, house, own, now, today, dayOf));
  const of = (where: Where): Line[] => lines.filter((line) => line.files.length > 0 && line.where === where);
  return {
    late: of("late").sort((a, b) => b.lateMinutes - a.lateMinutes || byOrder(a, b)),
    call: of("call").sort(byOrder),
    door: withLegs(of("door").sort(byOrder)),
    later: of("later").sort((a, b) => instant(a.next?.from) - instant(b.next?.from) || byOrder(a, b)),
    done: of("done").sort(byOrder),
  };
}

/** All lines still to be done, in the order in which a person would do them. */
export function inOrder(day: Day): Line[] {
  return [...day.late, ...day.call, ...day.door];
}

/** Who comes after this person: somebody of the household who is due now, else the first of the next household. */
export function nextFile(day: Day, home: string, after: string): { home: string; file: string } | null {
  const lines = inOrder(day);
  const open = (line: Line): FileLine[] => line.files.filter((one) => !one.done && one.file.id !== after);
  const here = lines.find((line) => line.key === home);
  const mate = here && open(here)[0];
  if (here && mate) return { home, file: mate.file.id };
  const fresh = lines.filter((line) => line.key !== home && line.tried === null);
  for (const line of fresh) {
    const first = open(line)[0];
    if (first) return { home: line.key, file: first.file.id };
  }
  return null;
}

function lineOf(
  key: string,
  home: HomeDoc,
  house: House,
  own: ReadonlyMap<string, readonly Entry[]>,
  now: number,
  today: string,
  dayOf: DayOf,
): Line {
  const files = home.files
    .map((id) => house.files.get(id))
    .filter((file) => file !== undefined)
    .map((file) => fileLine(file, own.get(file.id) ?? [], now, today, dayOf));
  const open = files.filter((one) => one.next !== null);
  const begun = open.filter((one) => instant(one.next?.from) <= now);
  const first = [...(begun.length > 0 ? begun : open)].sort((a, b) => instant(a.next?.at) - instant(b.next?.at))[0];
  const next = first?.next ?? null;
  const lateMinutes = next && begun.length > 0 ? Math.max(0, Math.floor((now - instant(next.at)) / 60_000)) : 0;
  const tried = begun.map((one) => one.last).find((last) => last?.own && last.outcome !== "done") ?? null;
  let where: Where = "done";
  if (next !== null) {
    if (begun.length === 0) where = "later";
    else if (lateMinutes > 0) where = "late";
    else where = home.walk === null && home.call !== null ? "call" : "door";
  }
  return { key, home, files, next, where, lateMinutes, tried, leg: null };
}

function fileLine(file: FileDoc, own: readonly Entry[], now: number, today: string, dayOf: DayOf): FileLine {
  const all = file.due.filter((due) => !own.some((entry) => covers(entry, due, file)));
  const left = all.filter((due) => dayOf(due.at) <= today).sort((a, b) => instant(a.at) - instant(b.at));
  const isSeen = file.done_today === true || own.some((entry) => entry.kind === "check" && entry.payload.outcome === "done");
  // Nothing today and not seen today: the next duty is another day's, and stands with what comes later.
  const next = left.find((due) => instant(due.from) <= now) ?? left[0] ?? (isSeen ? null : (all[0] ?? null));
  return { file, next, last: lastOf(file, own), done: next === null || instant(next.from) > now };
}

/** A check counts for the duty whose hours had begun, and whose successor's had not. */
function covers(entry: Entry, due: Due, file: FileDoc): boolean {
  if (entry.kind !== "check" || entry.payload.outcome !== "done") return false;
  const at = instant(entry.at);
  if (at < instant(due.from)) return false;
  const later = file.due.some((other) => instant(other.from) > instant(due.from) && instant(other.from) <= at);
  return !later || instant(due.at) <= at;
}

function lastOf(file: FileDoc, own: readonly Entry[]): Reading | null {
  let last: Reading | null = file.last && { ...file.last, own: false };
  for (const entry of own) {
    if (entry.kind !== "check" || (last && instant(entry.at) < instant(last.at))) continue;
    last = { at: entry.at, deci: entry.payload.deci, outcome: entry.payload.outcome, own: true };
  }
  return last;
}

function byOrder(a: Line, b: Line): number {
  const tried = Number(a.tried !== null) - Number(b.tried !== null);
  return tried || place(a.home) - place(b.home) || (a.key < b.key ? -1 : 1);
}

function place(home: HomeDoc): number {
  return home.walk ?? home.call ?? Number.MAX_SAFE_INTEGER;
}

function withLegs(lines: readonly Line[]): Line[] {
  return lines.map((line, index) => {
    const before = lines[index - 1]?.home.point;
    return { ...line, leg: before && line.home.point ? legOf(before, line.home.point) : null };
  });
}

function instant(text: string | undefined): number {
  return text === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(text);
}
