/**
 * The closed expression tree that a pack's conditions are made of, and its spelling in a file.
 *
 * A condition is `all`, `any`, `not`, a quantifier (`trip`, `exposure`: "one and the same trip is such that …") or a
 * leaf. There is nothing else: no code, no other names. The same as `shouwang.packs.conditions.tree`, by test.
 */
import type { Day } from "./days.ts";

/** What a leaf speaks of: the person, one trip, one exposure, the check just recorded, the file. */
export type Level = "person" | "trip" | "exposure" | "check" | "case";
type ArgKind = "places" | "codes" | "date" | "int" | "true" | "days";

/** `ref` names a dated value of the pack instead of writing it out. */
export type Argument =
  | { readonly codes: readonly string[] }
  | { readonly day: Day }
  | { readonly number: number }
  | { readonly ref: string }
  | true;

export interface Leaf {
  readonly node: "leaf";
  readonly name: string;
  readonly arg: Argument;
}
export interface Several {
  readonly node: "all" | "any";
  readonly items: readonly Condition[];
}
export interface Wrapped {
  readonly node: "not" | "trip" | "exposure";
  readonly item: Condition;
}
export type Condition = Leaf | Several | Wrapped;

const LEAVES: ReadonlyMap<string, readonly [Level, ArgKind]> = new Map([
  ["stayed-in", ["trip", "places"]],
  ["returned-since", ["trip", "date"]],
  ["returned-until", ["trip", "date"]],
  ["returned-within-days", ["trip", "int"]],
  ["left-on-or-after", ["trip", "date"]],
  ["left-on-or-before", ["trip", "date"]],
  ["kind", ["exposure", "codes"]],
  ["first-since", ["exposure", "date"]],
  ["first-within-days", ["exposure", "int"]],
  ["last-since", ["exposure", "date"]],
  ["last-within-days", ["exposure", "int"]],
  ["age-at-least", ["person", "int"]],
  ["age-under", ["person", "int"]],
  ["born-since", ["person", "date"]],
  ["born-until", ["person", "date"]],
  ["sex", ["person", "codes"]],
  ["tag-any", ["person", "codes"]],
  ["lives-in", ["person", "places"]],
  ["temperature-at-least", ["check", "int"]],
  ["symptom-any", ["check", "codes"]],
  ["symptom-count-at-least", ["check", "int"]],
  ["test-result-any", ["check", "codes"]],
  ["days-completed", ["case", "days"]],
  ["quorum-met", ["case", "true"]],
  ["no-open-alert", ["case", "true"]],
  ["tests-negative-at-least", ["case", "int"]],
]);

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A condition that is not one. `path` names the entry inside it, `code` the matter. */
export class ConditionError extends Error {
  readonly path: string;
  readonly code: string;

  constructor(path: string, code: string) {
    super(`${path}: ${code}`);
    this.name = "ConditionError";
    this.path = path;
    this.code = code;
  }
}

/** Levels at which the conditions of an alert may speak. */
export const ALERT: readonly Level[] = ["person", "check"];

/**
 * The condition written as `raw`. `levels` are the levels that leaves may speak at here. Leaves about trips written
 * without `trip = …` become one quantifier over the same trip; under `not` that would be ambiguous.
 * Throws `ConditionError`.
 */
export function parse(raw: unknown, levels: readonly Level[] = ["person"]): Condition {
  const condition = parsed(raw, levels, "");
  return levels.includes("person") ? lifted(condition, "") : condition;
}

function parsed(raw: unknown, levels: readonly Level[], path: string): Condition {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new ConditionError(path, "condition-not-a-table");
  }
  const parts = Object.entries(raw).map(([key, value]) => entry(key, value, levels, path));
  const [first] = parts;
  if (first === undefined) throw new ConditionError(path, "condition-empty");
  return parts.length === 1 ? first : { node: "all", items: parts };
}

function entry(key: string, value: unknown, levels: readonly Level[], path: string): Condition {
  const here = step(path, key);
  if (key === "all" || key === "any") {
    if (!Array.isArray(value) || value.length === 0) throw new ConditionError(here, "condition-needs-a-list");
    return { node: key, items: value.map((item, index) => parsed(item, levels, `${here}[${index}]`)) };
  }
  if (key === "not") return { node: key, item: parsed(value, levels, here) };
  const persons = levels.includes("person");
  if ((key === "trip" || key === "exposure") && persons) return { node: key, item: parsed(value, [key], here) };
  const kind = LEAVES.get(key);
  if (kind === undefined) throw new ConditionError(here, "condition-unknown-word");
  const [level, argument] = kind;
  if (!levels.includes(level) && !(level === "trip" && persons)) {
    throw new ConditionError(here, "condition-wrong-level");
  }
  return { node: "leaf", name: key, arg: argumentOf(value, argument, here) };
}

/** `condition` with leaves written flat gathered into one quantifier a list. */
function lifted(condition: Condition, path: string): Condition {
  if (isFlat(condition)) return { node: "trip", item: condition };
  if (condition.node === "all" || condition.node === "any") {
    const node = condition.node;
    const flat = condition.items.filter(isFlat);
    const rest = condition.items.flatMap((item, index) =>
      isFlat(item) ? [] : [lifted(item, step(path, `${node}[${index}]`))],
    );
    const [only] = flat;
    if (only === undefined) return { node, items: rest };
    return { node, items: [{ node: "trip", item: flat.length === 1 ? only : { node, items: flat } }, ...rest] };
  }
  if (condition.node !== "not") return condition;
  if (isFlat(condition.item)) throw new ConditionError(step(path, "not"), "condition-ambiguous-not");
  return { node: "not", item: lifted(condition.item, step(path, "not")) };
}

/** Whether this subtree is made of bare trip leaves only. */
function isFlat(condition: Condition): boolean {
  if (condition.node === "leaf") return LEAVES.get(condition.name)?.[0] === "trip";
  return (condition.node === "all" || condition.node === "any") && condition.items.every(isFlat);
}

function argumentOf(value: unknown, kind: ArgKind, here: string): Argument {
  if ((kind === "places" || kind === "codes") && Array.isArray(value)) {
    if (value.length > 0 && value.every((item) => typeof item === "string" && item !== "")) return { codes: value };
  } else if ((kind === "true" || kind === "days") && value === true) {
    return true;
  } else if ((kind === "int" || kind === "days") && Number.isInteger(value) && (value as number) >= 0) {
    return { number: value as number };
  } else if (kind === "date" && typeof value === "string" && DAY.test(value)) {
    if (isDay(value)) return { day: value };
  } else if ((kind === "date" || kind === "int" || kind === "days") && typeof value === "string" && NAME.test(value)) {
    return { ref: value };
  }
  throw new ConditionError(here, `condition-needs-${kind}`);
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !text.startsWith("0000") && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function step(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}
