/** 警报 Alerts that a check raises, at once and also without a network; and why, in words. */
import { evaluate } from "./evaluate.ts";
import type { Context, Facts } from "./facts.ts";
import type { Alert } from "./pack.ts";
import { ALERT, parse } from "./tree.ts";

/** Alerts that the check in `facts.check` raises. Unlike elsewhere an unmeasured value raises nothing. */
export function alertsOf(pack: { readonly alert?: readonly Alert[] }, facts: Facts, ctx: Context): readonly Alert[] {
  return (pack.alert ?? []).filter((alert) => evaluate(parse(alert.when, ALERT), facts, ctx) === true);
}
