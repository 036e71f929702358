/** Which category and which ledgers: the pack's conditions put to use for one person. Unknown counts as found. */
import { evaluate, evaluateExposure, evaluateTrip } from "./evaluate.ts";
import type { Context, Facts } from "./facts.ts";
import { byCode, type Category, type Pack } from "./pack.ts";
import { type Condition, parse, type Wrapped } from "./tree.ts";

/** `certain`: the condition held; otherwise it could not be ruled out. */
export interface Classified {
  readonly category: string | null;
  readonly certain: boolean;
}

/** The first category by rank whose condition is not false. */
export function classify(pack: Pack, facts: Facts, ctx: Context): Classified {
  for (const category of byRank(pack)) {
    const verdict = evaluate(parse(category.when), facts, ctx);
    if (verdict !== false) return { category: category.code, certain: verdict === true };
  }
  return { category: null, certain: true };
}

/** Codes of the ledgers that hold this person. */
export function ledgersOf(pack: Pack, facts: Facts, ctx: Context): readonly string[] {
  const codes = (pack.ledger ?? []).map((ledger) => ledger.code);
  return codes.filter((code) => evaluate(ledgerCondition(pack, code), facts, ctx) !== false);
}

/** Who stands in a ledger: its own condition, else everyone of the categories that name it. */
export function ledgerCondition(pack: Pack, code: string): Condition {
  const ledger = byCode(pack.ledger, code, "ledger");
  if (ledger.when != null) return parse(ledger.when);
  const naming = (pack.category ?? []).filter((category) => category.ledgers?.includes(code));
  return { node: "any", items: naming.map((category) => parse(category.when)) };
}

/**
 * The facts with only those trips and exposures that the condition speaks of (none of them ruled out). Day 0 is
 * counted from these: a later trip to another province does not move it.
 */
export function relevant(condition: Condition, facts: Facts, ctx: Context): Facts {
  const found = quantifiers(condition);
  const trips = found.filter((wrapped) => wrapped.node === "trip");
  const exposures = found.filter((wrapped) => wrapped.node === "exposure");
  return {
    ...facts,
    trips: (facts.trips ?? []).filter((trip) => trips.some((q) => evaluateTrip(q.item, trip, ctx) !== false)),
    exposures: (facts.exposures ?? []).filter((exposure) =>
      exposures.some((q) => evaluateExposure(q.item, exposure, ctx) !== false),
    ),
  };
}

/** The exemption that frees this person from a protocol, if one certainly holds. */
export function exempt(pack: Pack, protocol: string, facts: Facts, ctx: Context): string | null {
  const exemptions = byCode(pack.protocol, protocol, "protocol").exemption ?? [];
  return exemptions.find((exemption) => evaluate(parse(exemption.when), facts, ctx) === true)?.code ?? null;
}

/** Categories in the order in which they claim a person. */
function byRank(pack: Pack): readonly Category[] {
  return [...(pack.category ?? [])].sort((a, b) => a.rank - b.rank || (a.code < b.code ? -1 : 1));
}

function quantifiers(condition: Condition): readonly Wrapped[] {
  if (condition.node === "trip" || condition.node === "exposure") return [condition];
  return condition.node === "all" || condition.node === "any" ? condition.items.flatMap(quantifiers) : [];
}
