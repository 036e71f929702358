/** A store on a disk in memory, enrolled with a server whose key nobody has. */

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import type { ChangesAnswer, CommandsAnswer, EnrolAnswer, Json, Payloads, StorageLike, Store, Surroundings } from "../src/index.ts";
import { base64url, openStore } from "../src/index.ts";

export const ZONE = "Asia/Shanghai";
export const NOON = Date.parse("2020-02-05T12:00:00+08:00");
export const HOUR = 3_600_000;
export const PIN = "271828";
/** For `vi.waitFor`: a busy machine is no reason for a red test. */
export const PATIENCE = { timeout: 30_000 };
export const TOKEN = "a-token-nobody-may-read";

const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
const point = base64url(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));

export class Disk {
  idb = new IDBFactory();
  readonly rows = new Map<string, string>();
  time = NOON;
  storage: StorageLike | null = null;
  timers: { work: () => void; at: number }[] = [];

  around(): Surroundings {
    return {
      clock: () => this.time,
      indexedDB: this.idb,
      IDBKeyRange,
      storage: this.storage,
      pinRounds: 1,
      flags: {
        getItem: (key) => this.rows.get(key) ?? null,
        setItem: (key, value) => void this.rows.set(key, value),
        removeItem: (key) => void this.rows.delete(key),
      },
      setTimeout: (work, ms) => this.timers.push({ work, at: this.time + ms }),
      clearTimeout: (() => undefined) as (timer: never) => void,
    };
  }

  open(): Promise<Store> {
    return openStore("field", this.around());
  }

  /** Every byte on the disk, as text. */
  async everything(store: Store): Promise<string> {
    const tables = await Promise.all(store.db.tables.map((table) => table.toArray()));
    return JSON.stringify([tables, [...this.rows]]);
  }
}

export const enrolAnswer = (device = "device-1"): EnrolAnswer => ({
  device,
  token: TOKEN,
  actor: { id: "7", name: "王医生" },
  server_key: { id: "1", public: point },
  epoch: "epoch-1",
  server_time: new Date(NOON).toISOString(),
});

export const shiftAnswer = (from: number, hours = 12) => ({
  share: base64url(crypto.getRandomValues(new Uint8Array(32))),
  from: new Date(from).toISOString(),
  until: new Date(from + hours * HOUR).toISOString(),
});

export const changes = (docs: Record<string, Json>, more: Partial<ChangesAnswer> = {}): ChangesAnswer => ({
  epoch: "epoch-1",
  cursor: "c1",
  full: true,
  docs: Object.entries(docs).map(([key, doc]) => ({ key, doc })),
  gone: [],
  server_time: new Date(NOON).toISOString(),
  backed_up_to: 0,
  cut: { households: 0, doors: 0 },
  ...more,
});

export const answer = (ids: string[], more: Partial<CommandsAnswer> = {}): CommandsAnswer => ({
  epoch: "epoch-1",
  server_time: new Date(NOON).toISOString(),
  skew_seconds: 0,
  receipts: ids.map((id, at) => ({ id, status: "done", code: "", server_seq: at + 1, effect: {} })),
  contiguous: ids.length,
  gaps: [],
  backed_up_to: 0,
  restored: false,
  pull_after: 60,
  ...more,
});

export const check = (note = ""): Payloads["check"] => ({
  file: "f1",
  channel: "telephone",
  outcome: "done",
  deci: 381,
  symptoms: ["fever"],
  seen: "person",
  roles: [],
  note,
  thermometer: "",
  witness: "",
  photo_seen: null,
  corrects: null,
  reason: "",
});

/** Enrolled, in a shift, with a short list. */
export async function begun(disk: Disk, docs: Record<string, Json> = { me: {}, "file/1": { name: "罗玉兰" } }): Promise<Store> {
  const store = await disk.open();
  await store.adopt(enrolAnswer(), "王医生的手机", PIN);
  await store.adoptShift(shiftAnswer(disk.time));
  await store.applyChanges(await store.beginPull(), changes(docs));
  return store;
}

export const record = (store: Store, note = "", more = {}) => store.record("check", check(note), { zone: ZONE, ...more });
