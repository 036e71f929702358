/** 记录 What this phone wrote today, as the phone itself remembers it: the commands are sealed and say nothing. */

export interface CheckPayload {
  file: string;
  channel: string;
  outcome: string;
  deci: number | null;
  symptoms: string[];
  seen: string;
  roles: string[];
  note: string;
  thermometer: string;
  witness: string;
  photo_seen: boolean | null;
  corrects: string | null;
  reason: string;
}

export interface Found {
  name: string;
  id_no: string;
  telephone: string;
  sex: string;
  relation: string;
  note: string;
}

export interface VisitPayload {
  sweep: string;
  door: string;
  outcome: string;
  people: number;
  named: string[];
  found: Found[];
  note: string;
  corrects: string | null;
  reason: string;
}

export interface ArrivalPayload {
  post: string;
  area: string;
  name: string;
  from: string;
  telephone: string;
  plate: string;
  address: string;
  deci: number | null;
  symptoms: string;
  corrects: string | null;
  reason: string;
}

export type Kind = "check" | "visit" | "arrival";

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
