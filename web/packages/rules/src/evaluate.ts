/** Kleene evaluation of a condition over the facts of one person. */
import { type Day, shifted } from "./days.ts";
import {
  type CaseStands,
  type Check,
  codesOf,
  type Context,
  dayOf,
  type ExposureOf,
  type Facts,
  numberOf,
  placesOf,
  type Trip,
} from "./facts.ts";
import type { Condition, Leaf } from "./tree.ts";

/** True, false, or null: unknown, which counts as found. */
export type Verdict = boolean | null;

type Subject = { readonly person: Facts } | { readonly trip: Trip } | { readonly exposure: ExposureOf };

/**
 * Whether `condition` holds of a person; null when a missing date or place leaves it open. Throws `Refused` when a
 * named value or area does not exist on the context's day.
 */
export function evaluate(condition: Condition, facts: Facts, ctx: Context): Verdict {
  return judged(condition, { person: facts }, ctx);
}

/** The same inside a quantifier: of one trip. */
export function evaluateTrip(condition: Condition, trip: Trip, ctx: Context): Verdict {
  return judged(condition, { trip }, ctx);
}

/** The same inside a quantifier: of one exposure. */
export function evaluateExposure(condition: Condition, exposure: ExposureOf, ctx: Context): Verdict {
  return judged(condition, { exposure }, ctx);
}

function judged(condition: Condition, subject: Subject, ctx: Context): Verdict {
  switch (condition.node) {
    case "all":
      return allOf(condition.items.map((item) => judged(item, subject, ctx)));
    case "any":
      return anyOf(condition.items.map((item) => judged(item, subject, ctx)));
    case "not": {
      const inner = judged(condition.item, subject, ctx);
      return inner === null ? null : !inner;
    }
    case "trip": {
      const trips = "person" in subject ? (subject.person.trips ?? []) : [];
      return anyOf(trips.map((trip) => judged(condition.item, { trip }, ctx)));
    }
    case "exposure": {
      const exposures = "person" in subject ? (subject.person.exposures ?? []) : [];
      return anyOf(exposures.map((exposure) => judged(condition.item, { exposure }, ctx)));
    }
    case "leaf":
      if ("trip" in subject) return ofTrip(condition, subject.trip, ctx);
      if ("exposure" in subject) return ofExposure(condition, subject.exposure, ctx);
      return ofPerson(condition, subject.person, ctx);
  }
}

/** Kleene "and": false if any is false, else unknown if any is unknown. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes(false) ? false : verdicts.includes(null) ? null : true;
}

/** Kleene "or": true if any is true, else unknown if any is unknown. */
export function anyOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes(true) ? true : verdicts.includes(null) ? null : false;
}

/** Whether a place lies in one of the divisions. One named more broadly ("42" for "4201") is unknown. */
export function within(place: string | null | undefined, codes: readonly string[]): Verdict {
  if (!place) return codes.length > 0 ? null : false;
  if (codes.some((code) => place.startsWith(code))) return true;
  return codes.some((code) => code.startsWith(place)) ? null : false;
}

/** The last birth date that makes a person `age` years old on `on`; 29 February counts from 1 March. */
export function bornBy(on: Day, age: number): Day {
  const year = Number(on.slice(0, 4)) - age;
  if (year < 1) return "0001-01-01";
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const rest = on.slice(4) === "-02-29" && !leap ? "-02-28" : on.slice(4);
  return `${String(year).padStart(4, "0")}${rest}`;
}

function ofTrip(leaf: Leaf, trip: Trip, ctx: Context): Verdict {
  switch (leaf.name) {
    case "stayed-in":
      return within(trip.origin, placesOf(leaf.arg, ctx));
    case "returned-since":
      return since(trip.returned, dayOf(leaf.arg, ctx));
    case "returned-until":
      return until(trip.returned, dayOf(leaf.arg, ctx));
    case "returned-within-days":
      return recent(trip.returned, numberOf(leaf.arg, ctx), ctx.on);
    case "left-on-or-after":
      return since(trip.left, dayOf(leaf.arg, ctx));
    case "left-on-or-before":
      return until(trip.left, dayOf(leaf.arg, ctx));
  }
  throw new TypeError(leaf.name);
}

function ofExposure(leaf: Leaf, exposure: ExposureOf, ctx: Context): Verdict {
  switch (leaf.name) {
    case "kind":
      return codesOf(leaf.arg).includes(exposure.kind);
    case "first-since":
      return since(exposure.first, dayOf(leaf.arg, ctx));
    case "first-within-days":
      return recent(exposure.first, numberOf(leaf.arg, ctx), ctx.on);
    case "last-since":
      return since(exposure.last, dayOf(leaf.arg, ctx));
    case "last-within-days":
      return recent(exposure.last, numberOf(leaf.arg, ctx), ctx.on);
  }
  throw new TypeError(leaf.name);
}

function ofPerson(leaf: Leaf, person: Facts, ctx: Context): Verdict {
  switch (leaf.name) {
    case "age-at-least":
    case "age-under": {
      const older = until(person.born, bornBy(ctx.on, numberOf(leaf.arg, ctx)));
      return older === null ? null : older === (leaf.name === "age-at-least");
    }
    case "born-since":
      return since(person.born, dayOf(leaf.arg, ctx));
    case "born-until":
      return until(person.born, dayOf(leaf.arg, ctx));
    case "sex":
      return person.sex == null ? null : codesOf(leaf.arg).includes(person.sex);
    case "tag-any":
      return codesOf(leaf.arg).some((code) => person.tags?.includes(code));
    case "lives-in":
      return within(person.area, placesOf(leaf.arg, ctx));
    default:
      return ofCheck(leaf, person.check ?? {}, ctx) ?? ofCase(leaf, person.case ?? {}, ctx);
  }
}

/** The verdict of a leaf about the check; null also for leaves that are not about the check. */
function ofCheck(leaf: Leaf, check: Check, ctx: Context): Verdict {
  switch (leaf.name) {
    case "temperature-at-least":
      return check.temperature == null ? null : check.temperature >= numberOf(leaf.arg, ctx);
    case "test-result-any":
      return check.test == null ? null : codesOf(leaf.arg).includes(check.test);
    case "symptom-any":
      return check.symptoms == null ? null : codesOf(leaf.arg).some((code) => check.symptoms?.includes(code));
    case "symptom-count-at-least":
      return check.symptoms == null ? null : new Set(check.symptoms).size >= numberOf(leaf.arg, ctx);
  }
  return null;
}

/** The verdict of a leaf about the file; null also for leaves that are not about the file. */
function ofCase(leaf: Leaf, stands: CaseStands, ctx: Context): Verdict {
  switch (leaf.name) {
    case "days-completed": {
      const wanted = leaf.arg === true ? stands.daysPlanned : numberOf(leaf.arg, ctx);
      return stands.daysCompleted == null || wanted == null ? null : stands.daysCompleted >= wanted;
    }
    case "quorum-met":
      return stands.quorumMet ?? null;
    case "no-open-alert":
      return stands.openAlerts == null ? null : stands.openAlerts === 0;
    case "tests-negative-at-least":
      return stands.testsNegative == null ? null : stands.testsNegative >= numberOf(leaf.arg, ctx);
  }
  return null;
}

function since(day: Day | null | undefined, bound: Day): Verdict {
  return day == null ? null : day >= bound;
}

function until(day: Day | null | undefined, bound: Day): Verdict {
  return day == null ? null : day <= bound;
}

function recent(day: Day | null | undefined, days: number, on: Day): Verdict {
  return day == null ? null : shifted(on, -days) <= day && day <= on;
}
