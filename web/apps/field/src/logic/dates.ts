/** 日期 Instants as people say them in the place they live in. The clock is handed in. */

import { localDay } from "@shouwang/rules";

export type Locale = "zh-Hans" | "zh-Hant" | "en";

const TAGS: Record<Locale, string> = { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", en: "en-GB" };
const WEEK = { "zh-Hans": "周日周一周二周三周四周五周六", "zh-Hant": "週日週一週二週三週四週五週六" } as const;
const formats = new Map<string, Intl.DateTimeFormat>();

export function dayOf(at: number | string, zone: string): string {
  return localDay(new Date(at), zone);
}

/** 18:40 */
export function clock(at: number | string, zone: string): string {
  return format(`time ${zone}`, "en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(
    new Date(at),
  );
}

/** 1月23日 周四; `day` is yyyy-mm-dd. */
export function dayWords(day: string, locale: Locale): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const noon = new Date(Date.UTC(year, month - 1, date, 12));
  if (locale === "en") {
    return format("day", TAGS.en, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(noon);
  }
  const week = WEEK[locale].slice(noon.getUTCDay() * 2, noon.getUTCDay() * 2 + 2);
  return `${month}月${date}日 ${week}`;
}

/** Where an instant lies from today: -1 yesterday, 0 today, 1 tomorrow, else null. */
export function near(at: number | string, now: number, zone: string): -1 | 0 | 1 | null {
  const apart = (Date.parse(dayOf(at, zone)) - Date.parse(dayOf(now, zone))) / 86_400_000;
  return apart === 0 || apart === 1 || apart === -1 ? apart : null;
}

/** Seconds of the local day as 09:30. */
export function secondsWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Years, and months below two: how old somebody is on a day. */
export function age(born: string | null, day: string): { readonly unit: "year" | "month"; readonly amount: number } | null {
  if (born === null || born === "") return null;
  const [by, bm, bd] = born.split("-").map(Number) as [number, number, number];
  const [y, m, d] = day.split("-").map(Number) as [number, number, number];
  const months = (y - by) * 12 + (m - bm) - (d < bd ? 1 : 0);
  if (!Number.isFinite(months) || months < 0) return null;
  return months < 24 ? { unit: "month", amount: months } : { unit: "year", amount: Math.floor(months / 12) };
}

function format(key: string, tag: string, how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let held = formats.get(key);
  if (held === undefined) formats.set(key, (held = new Intl.DateTimeFormat(tag, how)));
  return held;
}
