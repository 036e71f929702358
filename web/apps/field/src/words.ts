/** 文字 The app's words. Simplified Chinese is carried; the others are fetched when they are chosen. */

import { textOf, type Title } from "@shouwang/rules";
import { createI18n } from "vue-i18n";

import type { Locale } from "./logic/dates.ts";
import hans from "./words/zh-Hans.json";

export const LOCALES: readonly { readonly code: Locale; readonly name: string }[] = [
  { code: "zh-Hans", name: "简体中文" },
  { code: "zh-Hant", name: "繁體中文" },
  { code: "en", name: "English" },
];
const KEPT = "shouwang.language";
type Catalogue = typeof hans;
const more: Record<Exclude<Locale, "zh-Hans">, () => Promise<{ default: Catalogue }>> = {
  "zh-Hant": () => import("./words/zh-Hant.json") as Promise<{ default: Catalogue }>,
  en: () => import("./words/en.json") as Promise<{ default: Catalogue }>,
};

export const words = createI18n({
  legacy: false,
  locale: "zh-Hans",
  fallbackLocale: "zh-Hans",
  messages: { "zh-Hans": hans } as Record<string, Catalogue>,
});

/** Speaks in another language; stays as it is where its words cannot be fetched. */
export async function speak(locale: Locale): Promise<void> {
  if (locale !== "zh-Hans" && !words.global.availableLocales.includes(locale)) {
    words.global.setLocaleMessage(locale, (await more[locale]()).default);
  }
  words.global.locale.value = locale;
  document.documentElement.lang = locale;
  document.title = words.global.t("app.name");
}

/** The same, and for next time too: only what a person chose is kept. */
export async function choose(locale: Locale): Promise<void> {
  await speak(locale);
  keepSetting(KEPT, locale);
}

/** The language chosen before, else the browser's, else simplified Chinese. */
export function firstLocale(): Locale {
  const kept = keptSetting(KEPT);
  if (kept === "zh-Hans" || kept === "zh-Hant" || kept === "en") return kept;
  const tag = navigator.language.toLowerCase();
  if (/^zh-(hant|tw|hk|mo)/.test(tag)) return "zh-Hant";
  return tag.startsWith("en") ? "en" : "zh-Hans";
}

export function locale(): Locale {
  return words.global.locale.value as Locale;
}

/** A title of the pack, in the language spoken. */
export function titleOf(title: Title | null | undefined): string {
  return title ? textOf(title, locale()) : "";
}

/** A sentence for a code: `code.<kebab-case>`; what has none is said as it is, with its code. */
export function sentence(code: string): string {
  const { t, te } = words.global;
  return te(`code.${code}`, "zh-Hans") ? t(`code.${code}`) : t("code.unknown", { code });
}

/** Settings of this browser that are nobody's data; a browser that refuses keeps none. */
export function keepSetting(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // private window: chosen again next time
  }
}

export function keptSetting(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
