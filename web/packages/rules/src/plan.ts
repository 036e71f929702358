/** From a protocol and a person's facts to the calendar of an observation: day 0, stages, due times. */
import { type Day, daysBetween, shifted } from "./days.ts";
import type { Facts } from "./facts.ts";
import { type Anchor, type AnchorEvent, byCode, type Channel, type Pack, type Protocol, type Stage } from "./pack.ts";

/**
 * The calendar of one file. "late": found after the last day; `lateChecks` are due on the day found and nothing
 * else. "anchor-unknown": counted from the day found. Checks can be due from `watchFrom` on.
 */
export interface Plan {
  readonly protocol: string;
  readonly dayZero: Day;
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly watchFrom: Day;
  readonly found: "in-time" | "late" | "anchor-unknown";
  readonly lateChecks: number;
}

/** One check due on a day: number within the day, local time, stage, channels it may come through. */
export interface Due {
  readonly number: number;
  readonly at: string;
  readonly stage: string;
  readonly channels: readonly Channel[];
}

/** The calendar for a person found on the local day `foundOn`. Hand in only the facts that matter (`relevant`). */
export function planFor(protocol: Protocol, facts: Facts, foundOn: Day): Plan {
  const anchor = anchorDay(protocol["day-zero"], facts, foundOn);
  const dayZero = anchor ?? shifted(foundOn, offsetOf(protocol["day-zero"]));
  const lastDay = shifted(dayZero, Math.max(...protocol.stage.map((stage) => stage.days[1])));
  const begins = shifted(dayZero, Math.min(...protocol.stage.map((stage) => stage.days[0])));
  const own = protocol["first-day"] == null ? null : anchorDay(protocol["first-day"], facts, foundOn);
  const firstDay = own ?? begins;
  const plan = { protocol: protocol.code, dayZero, firstDay, lastDay };
  if (anchor !== null && foundOn > lastDay) {
    const lateChecks = protocol["found-after-last-day"]?.checks ?? 1;
    return { ...plan, watchFrom: foundOn, found: "late", lateChecks };
  }
  const found = anchor === null ? "anchor-unknown" : "in-time";
  return { ...plan, watchFrom: firstDay > foundOn ? firstDay : foundOn, found, lateChecks: 0 };
}

/** The day an anchor falls on for this person, or null when its date is not known. One in the future is not. */
export function anchorDay(anchor: Anchor, facts: Facts, foundOn: Day): Day | null {
  const event = typeof anchor === "string" ? anchor : anchor.event;
  const usable = eventDays(event, facts, foundOn).filter((day) => day <= foundOn).sort();
  const chosen = event === "first-exposure" ? usable[0] : usable.at(-1);
  return chosen === undefined ? null : shifted(chosen, offsetOf(anchor));
}

/** Which day of the observation `day` is; day 0 is the anchor. */
export function dayNumber(plan: Plan, day: Day): number {
  return daysBetween(plan.dayZero, day);
}

/** The stage that holds on `day`, null outside the calendar. Before its first day, the first stage. */
export function stageOn(protocol: Protocol, plan: Plan, day: Day): Stage | null {
  if (plan.found === "late" || day < plan.firstDay || day > plan.lastDay) return null;
  const number = dayNumber(plan, day);
  const stages = [...protocol.stage].sort((a, b) => a.days[0] - b.days[0] || a.days[1] - b.days[1]);
  const [first] = stages;
  if (first === undefined || number < first.days[0]) return first ?? null;
  const holding = stages.find((stage) => stage.days[0] <= number && number <= stage.days[1]);
  if (holding !== undefined) return holding;
  const last = stages.at(-1);
  return last !== undefined && number > last.days[1] ? last : null;
}

/** The checks due on `day`, in order. Empty when none is due (a sparse day, or outside the calendar). */
export function dueOn(protocol: Protocol, plan: Plan, day: Day): readonly Due[] {
  if (plan.found === "late") {
    const channels = protocol["found-after-last-day"]?.channel ?? ["visit"];
    const times = spread([], day === plan.watchFrom ? plan.lateChecks : 0);
    return times.map((at, index) => ({ number: index + 1, at, stage: "found-late", channels }));
  }
  const stage = day >= plan.watchFrom ? stageOn(protocol, plan, day) : null;
  if (stage === null) return [];
  const sparse = stage["sparse-days"] ?? [];
  if (sparse.length > 0 && !sparse.includes(dayNumber(plan, day))) return [];
  const times = spread(stage.due ?? [], stage["checks-a-day"]);
  return times.map((at, index) => ({ number: index + 1, at, stage: stage.code, channels: stage.channel }));
}

/** Kinds of laboratory tests due on `day`. */
export function testsOn(protocol: Protocol, plan: Plan, day: Day): readonly string[] {
  const number = dayNumber(plan, day);
  const tests = stageOn(protocol, plan, day)?.tests ?? [];
  return tests.filter((test) => test.days.includes(number)).map((test) => test.kind);
}

/** The protocol of a category code, null where there is none. */
export function protocolOf(pack: Pack, category: string | null): Protocol | null {
  const code = category === null ? null : byCode(pack.category, category, "category").protocol;
  return code ? byCode(pack.protocol, code, "protocol") : null;
}

/** `due` as given, or for `checks` without times: evenly to 20:00. */
export function spread(due: readonly string[], checks: number): readonly string[] {
  if (due.length === checks) return due;
  const hour = (index: number) => 8 + Math.floor((12 * (index + 1)) / checks);
  return Array.from({ length: checks }, (_, index) => `${String(hour(index)).padStart(2, "0")}:00`);
}

function offsetOf(anchor: Anchor): number {
  return typeof anchor === "string" ? 0 : (anchor.offset ?? 0);
}

function eventDays(event: AnchorEvent, facts: Facts, foundOn: Day): Day[] {
  const known = (days: readonly (Day | null | undefined)[] | undefined) => (days ?? []).filter((day) => day != null);
  switch (event) {
    case "day-found":
      return [foundOn];
    case "day-of-return":
      return known(facts.trips?.map((trip) => trip.returned));
    case "day-of-discharge":
      return known(facts.discharges);
    case "first-exposure":
      return known(facts.exposures?.map((exposure) => exposure.first ?? exposure.last));
    case "last-exposure":
      return known(facts.exposures?.map((exposure) => exposure.last));
  }
}
