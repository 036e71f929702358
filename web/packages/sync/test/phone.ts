/** A phone for tests: a database that outlives the app, a flag outside it, a clock, a network with faults. */

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import type { Payloads, Recorded, RecordOptions, Store, Surroundings } from "@shouwang/store";
import { openStore } from "@shouwang/store";
import { Engine } from "../src/index.ts";
import type { LocksLike } from "../src/index.ts";
import type { TestServer } from "./server.ts";

export const ZONE = "Asia/Shanghai";
export const NOON = Date.parse("2020-02-05T06:41:12.345+08:00");
export const CODE = "ABCDE12345";
export const PIN = "271828";
/** For `vi.waitFor`: a busy machine is no reason for a red test. */
export const PATIENCE = { timeout: 30_000 };

export type Fault = "ok" | "no-request" | "no-reply" | "twice" | "portal";

export const check = (note = ""): Payloads["check"] => ({
  file: "f1",
  channel: "telephone",
  outcome: "done",
  deci: 366,
  symptoms: [],
  seen: "person",
  roles: ["doctor"],
  note,
  thermometer: "",
  witness: "",
  photo_seen: null,
  corrects: null,
  reason: "",
});

export class MemoryFlags {
  readonly rows = new Map<string, string>();
  getItem(key: string): string | null {
    return this.rows.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.rows.set(key, value);
  }
  removeItem(key: string): void {
    this.rows.delete(key);
  }
}

/** The browser's locks as one page after another sees them. */
export class MemoryLocks implements LocksLike {
  readonly #taken = new Set<string>();
  async request<T>(name: string, _options: { ifAvailable: true }, work: (lock: unknown) => Promise<T>): Promise<T> {
    if (this.#taken.has(name)) return work(null);
    this.#taken.add(name);
    try {
      return await work({ name });
    } finally {
      this.#taken.delete(name);
    }
  }
}

export interface Tab {
  store: Store;
  engine: Engine;
}

export class Phone {
  idb = new IDBFactory();
  readonly flags = new MemoryFlags();
  readonly server: TestServer;
  locks: LocksLike | null = new MemoryLocks();
  offset = 0;
  faults: Fault[] = [];
  #open: Tab[] = [];

  constructor(server: TestServer) {
    this.server = server;
  }

  readonly now = (): number => this.server.now() + this.offset;

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const fault = this.faults.shift() ?? "ok";
    if (fault === "no-request") throw new TypeError("fetch failed");
    if (fault === "portal") return new Response("<html>请登录</html>", { status: 200 });
    const reply = await this.server.fetch(input, init);
    if (fault === "twice") return this.server.fetch(input, init);
    if (fault === "no-reply") throw new TypeError("fetch failed");
    return reply;
  };

  surroundings(): Surroundings {
    const idle = { setTimeout: () => 0, clearTimeout: () => undefined };
    return { clock: this.now, flags: this.flags, storage: null, indexedDB: this.idb, IDBKeyRange, pinRounds: 1, ...idle };
  }

  async tab(pin: string | null = PIN): Promise<Tab> {
    const store = await openStore("field", this.surroundings());
    if (pin !== null && (await store.state()).phase === "locked") await store.unlock(pin);
    const { fetch, locks, now } = this;
    const idle = { setTimeout: () => 0, clearTimeout: () => undefined };
    const engine = new Engine({ store, base: "http://field.test", app: 3, fetch, clock: now, chance: () => 0, locks, ...idle });
    const tab = { store, engine };
    this.#open.push(tab);
    return tab;
  }

  /** The app is gone from memory; what is on the disk is on the disk. */
  kill(): void {
    for (const { store } of this.#open) store.close();
    this.#open = [];
    if (this.locks !== null) this.locks = new MemoryLocks();
  }

  /** The browser throws the database away. */
  evict(): void {
    this.kill();
    this.idb = new IDBFactory();
  }
}

export function record(store: Store, note = "", options: Partial<RecordOptions> = {}): Promise<Recorded> {
  return store.record("check", check(note), { zone: ZONE, revision: "r1", ...options });
}
