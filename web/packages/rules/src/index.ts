/** 规则 The pack's rules, as the telephone needs them: the same verdicts as `shouwang.packs` in Python. */
export { alertsOf } from "./alerts.ts";
export { type Classified, classify, exempt, ledgerCondition, ledgersOf, relevant } from "./classify.ts";
export { type Day, daysBetween, localDay, shifted } from "./days.ts";
export { evaluate, type Verdict } from "./evaluate.ts";
export {
  type CaseStands,
  type Check,
  type Context,
  contextOf,
  type ExposureOf,
  type Facts,
  type Trip,
} from "./facts.ts";
export {
  type Alert,
  type Area,
  byCode,
  type Category,
  type DatedValue,
  type Lang,
  type Ledger,
  type Named,
  type Pack,
  type Protocol,
  type Stage,
  textOf,
  type Title,
} from "./pack.ts";
export {
  anchorDay,
  dayNumber,
  type Due,
  dueOn,
  type Plan,
  planFor,
  protocolOf,
  stageOn,
  testsOn,
} from "./plan.ts";
export { Refused } from "./refused.ts";
export { ALERT, type Condition, ConditionError, type Level, parse } from "./tree.ts";
export { dayWords, degrees, type Names, whyAlert } from "./why.ts";
