/** What the store is asked and what it answers. */

import type { Json } from "./canonical.ts";
import type { Sealed, ServerKey } from "./seal.ts";
import type { Random } from "./uuid7.ts";

/** Payloads by kind (sync.md §2); `salt` is added by the store. */
export interface Payloads {
  check: {
    file: string;
    channel: string;
    outcome: string;
    deci: number | null;
    symptoms: string[];
    /** Who was seen: person, relative, … or "". */
    seen: string;
    roles: string[];
    note: string;
    thermometer: string;
    witness: string;
    photo_seen: boolean | null;
    corrects: string | null;
    reason: string;
  };
  visit: {
    sweep: string;
    door: string;
    outcome: string;
    people: number;
    named: string[];
    found: { name: string; id_no: string; telephone: string; sex: string; relation: string; note: string }[];
    note: string;
    corrects: string | null;
    reason: string;
  };
  arrival: {
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
  };
}
export type Kind = keyof Payloads;

export interface RecordOptions {
  /** When it was done; now if absent. */
  occurredAt?: Date;
  /** IANA zone. */
  zone: string;
  /** Pack revision the phone judged by. */
  revision?: string | null;
  /** Seconds it can be undone; 0 or absent: gone at once (what raised an alarm is never held). */
  hold?: number;
  /** The id made when the form was opened: saved twice is saved once. */
  id?: string;
  /**
   * What the list shall show of it until the server's own document says so; encrypted like the list. Until
   * `keepUntil` (ms) it stays even then: what somebody wrote today can be corrected today.
   */
  mark?: { key: string; value: Json; keepUntil?: number };
  /** The draft this came from: deleted in the same transaction. */
  draft?: string;
}

export interface Recorded {
  id: string;
  seq: number;
  occurred_at: string;
  recorded_at: string;
  /** Instant (ms, the phone's clock) until which `undo` works, or null. */
  undo_until: number | null;
  /** It was here before: nothing was written. */
  again: boolean;
}

/** waiting: must be sent; done: written, kept until a backup holds it; aside: cannot be sent as it is (told, never lost). */
export type EntryState = "waiting" | "done" | "refused" | "quarantined" | "conflict" | "aside";

export interface Effect {
  alerts?: string[];
  day_no?: number | null;
  next_due_at?: string | null;
  late?: boolean;
  first?: string;
  flags?: string[];
}

/** One command on this phone, sealed or already handed over. */
export interface Entry {
  id: string;
  device: string;
  seq: number;
  kind: string;
  v: number;
  actor: string;
  revision: string | null;
  occurred_at: string;
  zone: string;
  recorded_at: string;
  hash: string;
  /** Null once a backup holds it; such an entry only stays to be shown. */
  sealed: Sealed | null;
  state: EntryState;
  code: string;
  server_seq: number | null;
  effect: Effect;
  /** Count of requests begun when this state was written: an answer to an older request cannot undo it. */
  tick: number;
  /** A person has seen what became of it. */
  seen: boolean;
}

export interface Held extends Entry {
  release_at: number;
}

export interface OutboxCounts {
  /** waiting + aside + held + stranded: what the server does not have. Always in sight. */
  unsent: number;
  waiting: number;
  aside: number;
  held: number;
  /** Of an earlier enrolment of this phone; they go only under that device's token. */
  stranded: number;
  done: number;
  refused: number;
  quarantined: number;
  conflict: number;
  /** Of refused, quarantined, conflict, aside: not yet looked at. */
  to_see: number;
  /** Instants of the phone's clock, ms. */
  last_sent_at: number | null;
  oldest_unsent_at: string | null;
}

export type Phase = "new" | "locked" | "open";
/** none: never pulled or wiped; fresh: can be read; expired: the shift is over. */
export type ListPhase = "none" | "fresh" | "expired";

export interface StoreState {
  phase: Phase;
  list: ListPhase;
  device: { device: string; actor: { id: string; name: string }; name: string } | null;
  revoked: boolean;
  shift_until: string | null;
  pulled_at: number | null;
  cut: { households: number; doors: number };
  pin_tries_left: number;
  /** Instant (ms) before which no PIN is tried, or null. */
  pin_wait_until: number | null;
  skew_seconds: number | null;
  /** Seqs the server lacks and this phone cannot give. */
  unfillable: [number, number][];
  losses: Loss[];
}

/** The browser threw data away. */
export interface Loss {
  kind: "database-lost" | "flag-lost";
  device: string;
  /** Seqs that were, or may have been, unsent; null if nothing was. */
  unsent: [number, number] | null;
  noticed_at: number;
  seen: boolean;
}

export interface Limits {
  pin_tries: number;
  undo_seconds: number;
}

export interface EnrolAnswer {
  device: string;
  token: string;
  actor: { id: string; name: string };
  server_key: ServerKey;
  epoch: string;
  server_time: string;
}

export interface ShiftAnswer {
  share: string;
  from: string;
  until: string;
}

export interface Receipt {
  id: string;
  status: "done" | "again" | "refused" | "quarantined" | "conflict";
  code: string | null;
  server_seq: number | null;
  effect: Effect | null;
}

/** What `commands` and `state` have in common. */
export interface Standing {
  epoch: string;
  server_time: string;
  contiguous: number;
  gaps: [number, number][];
  backed_up_to: number;
}

export interface CommandsAnswer extends Standing {
  skew_seconds: number;
  receipts: Receipt[];
  restored: boolean;
  pull_after: number;
}

export interface StateAnswer extends Standing {
  oldest_app: number;
  newest_app: number;
  revoked: boolean;
}

export interface ChangesAnswer {
  epoch: string;
  cursor: string;
  full: boolean;
  docs: { key: string; doc: Json }[];
  gone: string[];
  server_time: string;
  backed_up_to: number;
  cut: { households: number; doors: number };
}

/** One request's worth of commands, as the wire wants them. */
export interface Batch {
  /** Which request this is, for `applyReceipts`. */
  tick: number;
  ids: string[];
  body: {
    epoch: string;
    device_time: string;
    last_server_seq: number;
    commands: Omit<Entry, "device" | "state" | "code" | "server_seq" | "effect" | "tick" | "seen">[];
  };
}

/** localStorage, or what stands in for it. */
export interface Flags {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface StorageLike {
  persist?(): Promise<boolean>;
  persisted?(): Promise<boolean>;
  estimate?(): Promise<{ usage?: number; quota?: number }>;
}

export interface Surroundings {
  clock?: () => number;
  random?: Random;
  flags?: Flags | null;
  storage?: StorageLike | null;
  indexedDB?: IDBFactory;
  IDBKeyRange?: typeof IDBKeyRange;
  setTimeout?: (work: () => void, ms: number) => unknown;
  clearTimeout?: (timer: never) => void;
  /** PBKDF2 rounds; only tests ask for fewer. */
  pinRounds?: number;
}
