/** 记录 What this phone wrote today, as the phone itself remembers it: the commands are sealed and say nothing. */

import type { Payloads } from "@shouwang/store";

export type { Kind } from "@shouwang/store";
export type CheckPayload = Payloads["check"];
export type VisitPayload = Payloads["visit"];
export type ArrivalPayload = Payloads["arrival"];
export type Found = VisitPayload["found"][number];

interface Base {
  readonly id: string;
  /** When it was done, by the phone's clock, ISO 8601. */
  readonly at: string;
  /** Who or what it is about, in words for a list. */
  readonly title: string;
}

export type Entry =
  | (Base & { readonly kind: "check"; readonly payload: CheckPayload; readonly alerts: readonly string[] })
  | (Base & { readonly kind: "visit"; readonly payload: VisitPayload })
  | (Base & { readonly kind: "arrival"; readonly payload: ArrivalPayload });

/** The entries that stand: one that was corrected steps back before what corrects it. */
export function standing(entries: readonly Entry[]): Entry[] {
  const gone = new Set(entries.map((entry) => entry.payload.corrects).filter((id) => id !== null));
  return entries.filter((entry) => !gone.has(entry.id));
}
