/** Why an alert was raised: what the check met, one clause each, as the desk words it. */
import type { Day } from "./days.ts";
import { evaluate } from "./evaluate.ts";
import { codesOf, type Context, type Facts } from "./facts.ts";
import { type Alert, type Area, type Lang, type Named, textOf, type Title } from "./pack.ts";
import { ALERT, type Argument, type Condition, type Leaf, parse } from "./tree.ts";

type Words = readonly [hans: string, hant: string, en: string];

/** Names of the codes that alerts speak of; a code without a name stays a code. */
export interface Names {
  readonly symptom?: readonly Named[];
  readonly tag?: readonly Named[];
  readonly area?: readonly Area[];
}

const WORDS: ReadonlyMap<string, Words> = new Map([
  ["temperature-at-least", ["体温达到{x}", "體溫達到{x}", "temperature of {x} or more"]],
  ["symptom-any", ["有{x}", "有{x}", "has {x}"]],
  ["symptom-count-at-least", ["症状至少{x}项", "症狀至少{x}項", "at least {x} symptoms"]],
  ["test-result-any", ["检测结果为{x}", "檢測結果為{x}", "the test is {x}"]],
  ["age-at-least", ["年满{x}岁", "年滿{x}歲", "aged {x} or over"]],
  ["age-under", ["未满{x}岁", "未滿{x}歲", "aged under {x}"]],
  ["born-since", ["{x}或以后出生", "{x}或以後出生", "born on or after {x}"]],
  ["born-until", ["{x}或以前出生", "{x}或以前出生", "born on or before {x}"]],
  ["sex", ["性别为{x}", "性別為{x}", "sex is {x}"]],
  ["tag-any", ["属于{x}", "屬於{x}", "marked as {x}"]],
  ["lives-in", ["住在{x}", "住在{x}", "lives in {x}"]],
]);
const CODES: Readonly<Record<string, Words>> = {
  male: ["男", "男", "male"],
  female: ["女", "女", "female"],
  negative: ["阴性", "陰性", "negative"],
  positive: ["阳性", "陽性", "positive"],
  inconclusive: ["无法判定", "無法判定", "inconclusive"],
};
const NOT_SO: Words = ["：否", "：否", ": no"];

/** The clauses that made `alert` hold of `facts`, those that the check itself answers. Empty when it does not hold. */
export function whyAlert(alert: Alert, facts: Facts, ctx: Context, names: Names, lang: Lang): readonly string[] {
  const condition = parse(alert.when, ALERT);
  if (evaluate(condition, facts, ctx) !== true) return [];
  const told = [...decided(condition, facts, ctx)].map(([leaf, so]) => {
    const words = pick(WORDS.get(leaf.name) ?? [leaf.name, leaf.name, leaf.name], lang);
    return words.replace("{x}", argumentWords(leaf, ctx, names, lang)) + (so ? "" : pick(NOT_SO, lang));
  });
  return [...new Set(told)];
}

/** Leaves that decided, with their verdicts. Trips and exposures are not on the telephone and say nothing here. */
function* decided(condition: Condition, facts: Facts, ctx: Context): Generator<readonly [Leaf, boolean]> {
  const verdict = evaluate(condition, facts, ctx);
  if (verdict === null) return;
  if (condition.node === "leaf") yield [condition, verdict];
  if (condition.node === "not") yield* decided(condition.item, facts, ctx);
  if (condition.node === "all" || condition.node === "any") {
    for (const item of condition.items) {
      if (evaluate(item, facts, ctx) === verdict) yield* decided(item, facts, ctx);
    }
  }
}

function argumentWords(leaf: Leaf, ctx: Context, names: Names, lang: Lang): string {
  const codes = codesOf(leaf.arg).map((code) => codeWords(leaf.name, code, names, lang));
  if (codes.length === 0) return plain(leaf.name, held(leaf.arg, ctx), lang);
  const last = codes.pop() ?? "";
  const comma = lang === "en" ? ", " : "、";
  return codes.length > 0 ? `${codes.join(comma)}${lang === "en" ? " or " : "、"}${last}` : last;
}

function held(arg: Argument, ctx: Context): number | Day {
  if (arg === true || "codes" in arg) return "";
  if ("ref" in arg) return ctx.values[arg.ref] ?? arg.ref;
  return "day" in arg ? arg.day : arg.number;
}

function plain(leaf: string, value: number | Day, lang: Lang): string {
  if (typeof value === "string") return dayWords(value, lang);
  return leaf === "temperature-at-least" ? degrees(value) : String(value);
}

function codeWords(leaf: string, code: string, names: Names, lang: Lang): string {
  const fixed = leaf === "sex" || leaf === "test-result-any" ? CODES[code] : undefined;
  if (fixed) return pick(fixed, lang);
  const named = (list: readonly { code: string; title?: Title | null }[] | undefined) =>
    list?.find((entry) => entry.code === code && entry.title)?.title;
  const title =
    leaf === "symptom-any" ? named(names.symptom) : leaf === "tag-any" ? named(names.tag) : placeTitle(code, names);
  return title ? textOf(title, lang) : code;
}

/** The title of an area: by its own code, or by the one division that it always was. */
function placeTitle(code: string, names: Names): Title | undefined {
  const titled = names.area?.filter((area) => area.title) ?? [];
  const own = titled.find((area) => area.code === code);
  const is = (area: Area) => Object.values(area.from).every((codes) => codes.length === 1 && codes[0] === code);
  return (own ?? titled.find(is))?.title ?? undefined;
}

/** A day as people write it: 2020年1月20日, 20 January 2020. */
export function dayWords(day: Day, lang: Lang): string {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  if (lang !== "en") return `${year}年${month}月${date}日`;
  const name = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" }).format(Date.UTC(2000, month - 1));
  return `${date} ${name} ${year}`;
}

/** Tenths of a degree as people read them: 373 is "37.3 ℃". */
export function degrees(deci: number): string {
  return `${Math.floor(deci / 10)}.${deci % 10} ℃`;
}

function pick(words: Words, lang: Lang): string {
  return words[lang === "zh-Hans" ? 0 : lang === "zh-Hant" ? 1 : 2];
}
