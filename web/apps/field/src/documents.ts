/** 文书 The documents a phone holds, as docs/reference/sync.md, section 3, names them. */

import type { Title } from "@shouwang/rules";

export type Titles = Title;

export interface Coded {
  readonly code: string;
  readonly title: Titles;
}

export interface Limits {
  readonly shift_hours: number;
  readonly households_most: number;
  readonly days: number;
  readonly undo_seconds: number;
  readonly pin_tries: number;
}

export interface MeDoc {
  readonly actor: { readonly id: string; readonly name: string };
  readonly roles: readonly Titles[];
  readonly place: string;
  readonly area: string;
  readonly zone: string;
  readonly day: string;
  readonly permissions: readonly string[];
  readonly field: Limits;
  readonly counts: { readonly households: number; readonly people: number; readonly doors: number };
}

export interface Ring {
  readonly title: Titles;
  readonly name: string;
  readonly telephone: string;
}

export interface PackDoc {
  readonly id: string;
  readonly revision: string;
  readonly title: Titles;
  readonly zone: string;
  readonly symptoms: readonly Coded[];
  readonly alerts: readonly (Coded & { readonly severity?: string })[];
  readonly ring: readonly Ring[];
  readonly do: Readonly<Record<string, Titles | string>>;
  readonly likely: readonly number[];
  readonly [more: string]: unknown;
}

export interface HomeDoc {
  readonly household: string | null;
  readonly head: string;
  readonly address: string;
  readonly place: string;
  readonly area: string;
  readonly telephone: string;
  readonly point: readonly [number, number] | null;
  readonly call: number | null;
  readonly walk: number | null;
  readonly ring_at: number | null;
  readonly begin: number | null;
  readonly promised: readonly [number, number] | null;
  readonly late: unknown;
  readonly files: readonly string[];
}

export interface Due {
  readonly at: string;
  readonly from: string;
  readonly channel: string;
  readonly slot: number;
}

export interface FileDoc {
  readonly id: string;
  readonly home: string;
  readonly person: string;
  readonly name: string;
  readonly sex: string;
  readonly born: string | null;
  readonly tags: readonly string[];
  readonly area: string;
  readonly stage: Titles;
  readonly day_no: number;
  readonly last_day_no: number;
  readonly day_zero: string;
  readonly channels: readonly string[];
  readonly remote: boolean;
  readonly quorum: number;
  readonly roles: readonly Coded[];
  readonly due: readonly Due[];
  readonly last: { readonly at: string; readonly deci: number | null; readonly abnormal: boolean; readonly outcome: string } | null;
  readonly done_today: unknown;
}

export interface SweepDoc {
  readonly id: string;
  readonly ordinal: number;
  readonly name: string;
  readonly area: string;
  readonly due_on: string;
  readonly doors: number;
  readonly done: number;
}

export interface DoorDoc {
  readonly id: string;
  readonly sweep: string;
  readonly number: number;
  readonly address: string;
  readonly head: string;
  readonly place: string;
  readonly area: string;
  readonly known: number;
  readonly named: readonly { readonly person: string; readonly name: string }[];
  readonly outcome: string | null;
  readonly visited_at: string | null;
  readonly order: number;
}

export interface PostDoc {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly area: string;
}

export interface PlaceDoc {
  readonly path: string;
  readonly name: string;
  readonly full: string;
}

/** Everything the phone holds, taken apart by the first word of its key. */
export interface House {
  readonly me: MeDoc | null;
  readonly pack: PackDoc | null;
  readonly homes: ReadonlyMap<string, HomeDoc>;
  readonly files: ReadonlyMap<string, FileDoc>;
  readonly sweeps: ReadonlyMap<string, SweepDoc>;
  readonly doors: ReadonlyMap<string, DoorDoc>;
  readonly posts: ReadonlyMap<string, PostDoc>;
  readonly places: ReadonlyMap<string, PlaceDoc>;
}

export const EMPTY: House = houseOf([]);

export function houseOf(docs: Iterable<readonly [key: string, doc: unknown]>): House {
  let me: MeDoc | null = null;
  let pack: PackDoc | null = null;
  const kinds = new Map<string, Map<string, unknown>>();
  for (const [key, doc] of docs) {
    if (key === "me") me = doc as MeDoc;
    else if (key === "pack") pack = doc as PackDoc;
    else {
      const cut = key.indexOf("/");
      const kind = key.slice(0, cut);
      let held = kinds.get(kind);
      if (held === undefined) kinds.set(kind, (held = new Map()));
      held.set(key.slice(cut + 1), doc);
    }
  }
  const of = <T>(kind: string): ReadonlyMap<string, T> => (kinds.get(kind) ?? new Map()) as ReadonlyMap<string, T>;
  return {
    me,
    pack,
    homes: of<HomeDoc>("home"),
    files: of<FileDoc>("file"),
    sweeps: of<SweepDoc>("sweep"),
    doors: of<DoorDoc>("door"),
    posts: of<PostDoc>("post"),
    places: of<PlaceDoc>("place"),
  };
}
