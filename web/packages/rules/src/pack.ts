/**
 * A pack as its author wrote it: the JSON of `pack.toml`, keys in kebab-case, what has a default may be absent.
 * Only what a rule reads is named here; the pack was validated by the server before it was adopted.
 */
import type { Day } from "./days.ts";
import { Refused } from "./refused.ts";

export type Lang = "zh-Hans" | "zh-Hant" | "en";

/** One text in the product's languages. A bare string is the text in simplified Chinese. */
export type Title = string | Readonly<Record<string, string | null>>;

export interface Named {
  readonly code: string;
  readonly title: Title;
}

/** `from` says from which day on each value holds. */
export interface DatedValue {
  readonly code: string;
  readonly title?: Title | null;
  readonly unit?: string;
  readonly from: Readonly<Record<Day, number | Day>>;
}

export interface Area {
  readonly code: string;
  readonly title?: Title | null;
  readonly from: Readonly<Record<Day, readonly string[]>>;
}

export interface Category {
  readonly code: string;
  readonly title: Title;
  readonly rank: number;
  readonly when: unknown;
  readonly ledgers?: readonly string[];
  readonly protocol?: string | null;
}

export interface Ledger {
  readonly code: string;
  readonly title: Title;
  readonly when?: unknown;
}

export interface Alert {
  readonly code: string;
  readonly title: Title;
  readonly severity: "info" | "warning" | "urgent";
  readonly when: unknown;
  readonly tell: readonly string[];
  readonly "climb-after-minutes"?: readonly number[];
}

export type AnchorEvent = "first-exposure" | "last-exposure" | "day-of-return" | "day-found" | "day-of-discharge";
export type Anchor = AnchorEvent | { readonly event: AnchorEvent; readonly offset?: number };
export type Channel = "visit" | "phone" | "video" | "chat" | "self" | "facility";

export interface Stage {
  readonly code: string;
  readonly title: Title;
  readonly days: readonly [number, number];
  readonly "sparse-days"?: readonly number[];
  readonly "checks-a-day": number;
  readonly due?: readonly string[];
  readonly channel: readonly Channel[];
  readonly tests?: readonly { readonly kind: string; readonly days: readonly number[] }[];
}

export interface Protocol {
  readonly code: string;
  readonly title: Title;
  readonly "day-zero": Anchor;
  readonly "first-day"?: Anchor | null;
  readonly "found-after-last-day"?: { readonly checks?: number; readonly channel?: readonly Channel[] };
  readonly stage: readonly Stage[];
  readonly exemption?: readonly { readonly code: string; readonly title: Title; readonly when: unknown }[];
}

export interface Pack {
  readonly id: string;
  readonly revision: string;
  readonly title: Title;
  readonly zone: string;
  readonly value?: readonly DatedValue[];
  readonly area?: readonly Area[];
  readonly symptom?: readonly Named[];
  readonly tag?: readonly Named[];
  readonly ledger?: readonly Ledger[];
  readonly category?: readonly Category[];
  readonly protocol?: readonly Protocol[];
  readonly alert?: readonly Alert[];
}

/** The text of `title` in `lang`, in simplified Chinese where it was not translated. */
export function textOf(title: Title, lang: Lang): string {
  if (typeof title === "string") return title;
  const found = (code: string) => title[code] ?? title[code.toLowerCase()];
  return found(lang) ?? found("zh-Hans") ?? "";
}

/** The last entry that began on or before `on`. */
export function held<T>(from: Readonly<Record<Day, T>>, on: Day): T | undefined {
  let latest: Day | undefined;
  for (const day of Object.keys(from)) {
    if (day <= on && (latest === undefined || day > latest)) latest = day;
  }
  return latest === undefined ? undefined : from[latest];
}

/** The entry with `code`. Throws `Refused("pack-entry-missing")`. */
export function byCode<T extends { readonly code: string }>(
  entries: readonly T[] | undefined,
  code: string,
  kind: string,
): T {
  const found = entries?.find((entry) => entry.code === code);
  if (found === undefined) throw new Refused("pack-entry-missing", { kind, entry: code });
  return found;
}
