/** 说法 How dates, people and readings are said on every screen. */

import { useI18n } from "vue-i18n";

import type { FileDoc } from "./documents.ts";
import { age, clock, dayOf, dayWords, near, type Locale } from "./logic/dates.ts";
import { arrow, distance, type Leg } from "./logic/direction.ts";
import type { Reading } from "./logic/lines.ts";
import { written } from "@shouwang/ui/temperature";
import { useWork } from "./work.ts";

/** A telephone number in groups that can be read out and broken: 139 1234 0000. */
export function grouped(telephone: string): string {
  return telephone.replace(/^(\+?86)?(1\d{2})(\d{4})(\d{4})$/, "$2 $3 $4");
}

export function useTelling() {
  const { t, locale } = useI18n();
  const work = useWork();
  const lang = (): Locale => locale.value as Locale;

  /** 18:40, 昨天 18:40, 1月23日 周四 18:40 */
  const when = (at: number | string): string => {
    const time = clock(at, work.zone);
    switch (near(at, work.now, work.zone)) {
      case 0:
        return time;
      case -1:
        return t("when.yesterday", { time });
      case 1:
        return t("when.tomorrow", { time });
      default:
        return t("when.day", { day: dayWords(dayOf(at, work.zone), lang()), time });
    }
  };

  const span = (minutes: number): string => {
    if (minutes < 60) return t("span.minutes", { n: minutes });
    if (minutes < 48 * 60) return t("span.hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
    return t("span.days", { n: Math.floor(minutes / 1440) });
  };

  const ageOf = (file: FileDoc): string => {
    const told = age(file.born, dayOf(work.now, work.zone));
    return told ? t(told.unit === "month" ? "age.months" : "age.years", { n: told.amount }) : "";
  };

  const reading = (last: Reading | null): string => {
    if (last === null) return t("reading.none");
    if (last.outcome !== "done") return t("reading.said", { what: t(`outcome.${last.outcome}`), when: when(last.at) });
    const what = last.deci === null ? t("reading.unmeasured") : written(last.deci);
    return t("reading.said", { what, when: when(last.at) });
  };

  const leg = (next: Leg): string => {
    const { unit, amount } = distance(next.metres);
    return `${arrow(next)} ${t(unit === "m" ? "leg.metres" : "leg.kilometres", { n: amount })}`;
  };

  const legAloud = (next: Leg): string => {
    const { unit, amount } = distance(next.metres);
    return t("leg.aloud", { way: t(`way.${next.eighth}`), far: t(unit === "m" ? "leg.metres" : "leg.kilometres", { n: amount }) });
  };

  const today = (): string => dayWords(dayOf(work.now, work.zone), lang());

  return { when, span, ageOf, reading, leg, legAloud, today };
}
