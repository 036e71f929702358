/** The tables. Everything that promises is written with strict durability (sync.md §8). */

import type { Table } from "dexie";
import { Dexie } from "dexie";
import type { Locked } from "./pin.ts";
import type { ServerKey } from "./seal.ts";
import type { Entry, Held, Limits, Loss, Surroundings } from "./types.ts";

export interface MetaRows {
  device: {
    device: string;
    name: string;
    actor: { id: string; name: string };
    server_key: ServerKey;
    pin_salt: string;
    pin_rounds: number;
    token: Locked;
    enrolled_at: number;
  };
  epoch: { current: string; past: string[] };
  /** Next seq of the current device. */
  seq: number;
  /** Requests begun. */
  tick: number;
  server: {
    last_server_seq: number;
    backed_up_to: number;
    contiguous: number;
    unfillable: [number, number][];
    skew_seconds: number | null;
    /** The newest request whose standing was applied. */
    tick: number;
  };
  shift: { share: string; from: string; until: string };
  list: { cursor: string; pulled_at: number | null; cut: { households: number; doors: number } };
  /** The latest server time that is sure to have been, ms: a clock set back does not reopen a shift. */
  latest: number;
  tries: { wrong: number; wait_until: number | null };
  limits: Limits;
  revoked: boolean;
  last_sent_at: number;
  losses: Loss[];
  lease: { owner: string; until: number };
  sync: { state: string; until: number | null; code: string };
}
export type MetaKey = keyof MetaRows;

interface MetaRow {
  key: string;
  value: unknown;
}
/** The list's rows: the key is clear (ids only), the content is not. */
export interface DocRow extends Locked {
  key: string;
}
export interface MarkRow extends Locked {
  id: string;
  key: string;
  /** Set when its command is on the server: a pull begun after that replaces it. */
  settled: number | null;
  /** Instant (ms) before which no pull replaces it. */
  keep_until: number;
}
export interface DraftRow extends Locked {
  name: string;
  saved_at: number;
}
export interface CanaryRow {
  key: "canary";
  born: string;
}

export class FieldDatabase extends Dexie {
  declare meta: Table<MetaRow, string>;
  declare outbox: Table<Entry, string>;
  declare held: Table<Held, number>;
  declare docs: Table<DocRow, string>;
  declare marks: Table<MarkRow, string>;
  declare drafts: Table<DraftRow, string>;
  declare canary: Table<CanaryRow, string>;

  constructor(name: string, around: Surroundings) {
    super(name, {
      chromeTransactionDurability: "strict",
      cache: "disabled", // what is shown is what is on the disk, never an optimistic guess
      ...(around.indexedDB ? { indexedDB: around.indexedDB } : {}),
      ...(around.IDBKeyRange ? { IDBKeyRange: around.IDBKeyRange } : {}),
    });
    this.version(1).stores({
      meta: "key",
      outbox: "id, &[device+seq], [device+state+seq], state",
      held: "",
      docs: "key",
      marks: "id, key",
      drafts: "name",
      canary: "key",
    });
  }

  async get<K extends MetaKey>(key: K): Promise<MetaRows[K] | undefined> {
    return (await this.meta.get(key))?.value as MetaRows[K] | undefined;
  }

  async set<K extends MetaKey>(key: K, value: MetaRows[K]): Promise<void> {
    await this.meta.put({ key, value });
  }

  async drop(...keys: MetaKey[]): Promise<void> {
    await this.meta.bulkDelete(keys);
  }
}

/** There is at most one held entry; this is its key. */
export const HELD = 0;

/** Before the server said anything. */
export const NO_SERVER: MetaRows["server"] = {
  last_server_seq: 0,
  backed_up_to: 0,
  contiguous: 0,
  unfillable: [],
  skew_seconds: null,
  tick: 0,
};
