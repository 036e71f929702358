/** Every case that ships with a pack holds here too: the same files, the same comparisons as `packs/cases.py`. */
import { describe, expect, test } from "vitest";

import {
  alertsOf,
  byCode,
  classify,
  type Context,
  contextOf,
  dueOn,
  exempt,
  type Facts,
  ledgersOf,
  type Pack,
  parse,
  planFor,
  protocolOf,
  relevant,
  stageOn,
  testsOn,
} from "../src/index.ts";
import { type Case, casesOf, packIds, packOf } from "./shipped.ts";

test("every pack ships cases, and so they are read here", () => {
  expect(packIds().length).toBeGreaterThanOrEqual(4);
  expect(packIds().filter((id) => casesOf(id).length === 0)).toEqual([]);
});

describe.each(packIds())("%s", (id) => {
  const pack = packOf(id);
  test.each(casesOf(id).map((found) => [found.case, found] as const))("%s", (_, found) => {
    const [wanted, got] = compared(pack, found);
    expect(got).toEqual(wanted);
    expect(Object.keys(wanted).length).toBeGreaterThan(0);
  });
});

test("a case that does not hold is seen", () => {
  const [id = ""] = packIds();
  const [first] = casesOf(id);
  if (first === undefined) throw new Error("no case");
  const [wanted, got] = compared(packOf(id), { ...first, expect: { ...first.expect, category: "nobody" } });
  expect(got).not.toEqual(wanted);
});

function compared(pack: Pack, told: Case): readonly [Record<string, unknown>, Record<string, unknown>] {
  const wanted: Record<string, unknown> = {};
  const got: Record<string, unknown> = {};
  const compare = (name: string, want: unknown, have: unknown) => {
    wanted[name] = want;
    got[name] = have;
  };
  const facts = factsOf(told);
  const ctx = contextOf(pack, told.found);
  const found = classify(pack, facts, ctx);
  compare("category", told.expect.category, found.category);
  if (told.expect.certain != null) compare("certain", told.expect.certain, found.certain);
  if (told.expect.ledgers != null) compare("ledgers", told.expect.ledgers, ledgersOf(pack, facts, ctx));
  calendar(pack, told, found.category, facts, ctx, compare);
  for (const check of told.checks ?? []) {
    const raised = alertsOf(pack, { ...facts, check }, ctx).map((alert) => alert.code);
    compare(`alerts of ${JSON.stringify(check)}`, check.alerts ?? [], raised);
  }
  return [wanted, got];
}

function calendar(
  pack: Pack,
  told: Case,
  category: string | null,
  facts: Facts,
  ctx: Context,
  compare: (name: string, want: unknown, have: unknown) => void,
): void {
  const protocol = protocolOf(pack, category);
  if (protocol === null || category === null) return;
  const { expect: want } = told;
  compare("exempt", want.exempt ?? null, exempt(pack, protocol.code, facts, ctx));
  const when = parse(byCode(pack.category, category, "category").when);
  const plan = planFor(protocol, relevant(when, facts, ctx), told.found);
  if (want.found != null) compare("found", want.found, plan.found);
  if (want["first-day"] != null) compare("first-day", want["first-day"], plan.firstDay);
  if (want["last-day"] != null) compare("last-day", want["last-day"], plan.lastDay);
  for (const [day, wanted] of Object.entries(want.days ?? {})) {
    compare(`stage on ${day}`, wanted.stage ?? null, stageOn(protocol, plan, day)?.code ?? null);
    compare(
      `due on ${day}`,
      wanted.due ?? [],
      dueOn(protocol, plan, day).map((due) => due.at),
    );
    compare(`tests on ${day}`, wanted.tests ?? [], testsOn(protocol, plan, day));
  }
}

function factsOf({ person }: Case): Facts {
  const { trips, exposures, discharged, ...rest } = person;
  return {
    ...rest,
    trips: (trips ?? []).map(({ from, ...trip }) => ({ ...trip, origin: from ?? null })),
    exposures: exposures ?? [],
    discharges: discharged ?? [],
  };
}
