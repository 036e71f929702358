/** What conditions are evaluated over: plain facts of one person, and the context of the decision. */
import type { Day } from "./days.ts";
import { type Area, type DatedValue, held } from "./pack.ts";
import { Refused } from "./refused.ts";
import type { Argument } from "./tree.ts";

/** One stay elsewhere. What is not known is absent or null. */
export interface Trip {
  readonly origin?: string | null;
  readonly left?: Day | null;
  readonly returned?: Day | null;
}

/** One exposure of a kind, from its first to its last day. */
export interface ExposureOf {
  readonly kind: string;
  readonly first?: Day | null;
  readonly last?: Day | null;
}

/** What one check or one test found, temperature in tenths of a degree. Absent or null: not measured, not asked. */
export interface Check {
  readonly temperature?: number | null;
  readonly symptoms?: readonly string[] | null;
  readonly test?: string | null;
}

/** Where an observation file stands when release is asked for. */
export interface CaseStands {
  readonly daysCompleted?: number | null;
  readonly daysPlanned?: number | null;
  readonly quorumMet?: boolean | null;
  readonly openAlerts?: number | null;
  readonly testsNegative?: number | null;
}

/** One person as known at an instant. `area` is the path of the place lived at. */
export interface Facts {
  readonly area?: string;
  readonly born?: Day | null;
  readonly sex?: string | null;
  readonly tags?: readonly string[];
  readonly trips?: readonly Trip[];
  readonly exposures?: readonly ExposureOf[];
  readonly check?: Check;
  readonly case?: CaseStands;
  /** Days on which the person left hospital as cured. */
  readonly discharges?: readonly Day[];
}

/** The local day of the decision, and the pack's values and areas on it. */
export interface Context {
  readonly on: Day;
  readonly values: Readonly<Record<string, number | Day>>;
  readonly areas: Readonly<Record<string, readonly string[]>>;
}

/** The context of decisions under `pack` on the local day `on`. Values that have not begun are left out. */
export function contextOf(
  pack: { readonly value?: readonly DatedValue[]; readonly area?: readonly Area[] },
  on: Day,
): Context {
  const values: Record<string, number | Day> = {};
  for (const value of pack.value ?? []) {
    const found = held(value.from, on);
    if (found !== undefined) values[value.code] = found;
  }
  const areas = Object.fromEntries((pack.area ?? []).map((area) => [area.code, held(area.from, on) ?? []]));
  return { on, values, areas };
}

/** An int argument, looked up where it names a value. Throws `Refused`. */
export function numberOf(arg: Argument, ctx: Context): number {
  const found = resolved(arg, ctx);
  if (typeof found !== "number") throw new Refused("pack-value-not-a-number");
  return found;
}

/** A day argument, looked up where it names a value. Throws `Refused`. */
export function dayOf(arg: Argument, ctx: Context): Day {
  const found = resolved(arg, ctx);
  if (typeof found !== "string") throw new Refused("pack-value-not-a-day");
  return found;
}

/** Division codes of a places argument: codes as they stand, names through the pack's areas. */
export function placesOf(arg: Argument, ctx: Context): readonly string[] {
  return codesOf(arg).flatMap((item) => {
    if (/^[0-9]([0-9]|$)/.test(item)) return [item];
    const named = Object.hasOwn(ctx.areas, item) ? ctx.areas[item] : undefined;
    if (named === undefined) throw new Refused("pack-area-missing", { area: item });
    return named;
  });
}

/** The codes that an argument lists. */
export function codesOf(arg: Argument): readonly string[] {
  return arg !== true && "codes" in arg ? arg.codes : [];
}

function resolved(arg: Argument, ctx: Context): number | Day | undefined {
  if (arg === true) return undefined;
  if ("number" in arg) return arg.number;
  if ("day" in arg) return arg.day;
  if (!("ref" in arg)) return undefined;
  const found = Object.hasOwn(ctx.values, arg.ref) ? ctx.values[arg.ref] : undefined;
  if (found === undefined) throw new Refused("pack-value-missing", { value: arg.ref, on: ctx.on });
  return found;
}
