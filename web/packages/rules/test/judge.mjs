// Answers, on standard output, what standard input asks of the rules: tests/contracts/test_rules_in_typescript.py
// puts the same questions to Python. Both ends speak JSON; what is refused is answered with its code.
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { runnerImport } from "vite";

const source = fileURLToPath(new URL("../src/index.ts", import.meta.url));
const { module: rules } = await runnerImport(source, { configFile: false, logLevel: "error" });

const { packs, questions } = await json(process.stdin);
process.stdout.write(JSON.stringify(questions.map(answered)));

function answered(question) {
  try {
    if ("of" in question) return ofContext(question);
    return "condition" in question ? ofCondition(question) : ofPack(question);
  } catch (error) {
    if (error instanceof rules.ConditionError) return { wrong: [error.path, error.code] };
    if (error instanceof rules.Refused) return { refused: error.code };
    throw error;
  }
}

function ofCondition({ condition, levels, facts, context }) {
  return { verdict: rules.evaluate(rules.parse(condition, levels), facts, context) };
}

function ofContext({ of, on }) {
  const { values, areas } = rules.contextOf(packs[of], on);
  return { values, areas };
}

function ofPack({ pack: id, facts, found, days }) {
  const pack = packs[id];
  const ctx = rules.contextOf(pack, found);
  const { category, certain } = rules.classify(pack, facts, ctx);
  const raised = rules.alertsOf(pack, facts, ctx);
  const names = { symptom: pack.symptom, tag: pack.tag, area: pack.area };
  return {
    category,
    certain,
    ledgers: rules.ledgersOf(pack, facts, ctx),
    alerts: raised.map((alert) => alert.code),
    why: raised.flatMap((alert) =>
      ["zh-Hans", "zh-Hant", "en"].map((lang) => rules.whyAlert(alert, facts, ctx, names, lang)),
    ),
    calendar: calendar(pack, category, facts, ctx, days),
  };
}

function calendar(pack, category, facts, ctx, days) {
  const protocol = rules.protocolOf(pack, category);
  if (protocol === null) return null;
  const when = rules.parse(rules.byCode(pack.category, category, "category").when);
  const plan = rules.planFor(protocol, rules.relevant(when, facts, ctx), ctx.on);
  return {
    exempt: rules.exempt(pack, protocol.code, facts, ctx),
    plan: [plan.found, plan.dayZero, plan.firstDay, plan.lastDay, plan.watchFrom, plan.lateChecks],
    days: days.map((day) => [
      rules.dayNumber(plan, day),
      rules.stageOn(protocol, plan, day)?.code ?? null,
      rules.dueOn(protocol, plan, day).map((due) => [due.number, due.at, due.stage, due.channels]),
      rules.testsOn(protocol, plan, day),
    ]),
  };
}
