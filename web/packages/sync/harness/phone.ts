/** One telephone of the harness: the real store and engine over a database in memory and a real network. */

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import type { Store } from "@shouwang/store";
import { openStore } from "@shouwang/store";
import { Engine } from "../src/index.ts";
import type { LocksLike } from "../src/index.ts";

/** What happens to the next requests, one each. */
export type Fault = "ok" | "no-request" | "no-reply" | "twice" | "late" | "die" | "die-before";

interface Tab {
  store: Store;
  engine: Engine;
}

export interface PhoneOptions {
  base: string;
  app: number;
  pinRounds: number;
  /** false: the lease row instead of locks. */
  locks: boolean;
}

export class Phone {
  readonly options: PhoneOptions;
  readonly flags = new Map<string, string>();
  faults: Fault[] = [];
  /** Requests the network kept back: delivered when asked, their replies go nowhere. */
  late: [string, RequestInit][] = [];
  requests = 0;
  /** Milliseconds added to the clock, or a frozen instant. */
  offset = 0;
  frozen: number | null = null;
  pin: string | null = null;
  #idb = new IDBFactory();
  #tabs: Tab[] = [];
  #life = 0;
  #died: () => void = () => undefined;
  #taken = new Set<string>();

  constructor(options: PhoneOptions) {
    this.options = options;
  }

  readonly now = (): number => (this.frozen ?? Date.now()) + this.offset;

  async tab(at: number): Promise<Tab> {
    while (this.#tabs.length <= at) this.#tabs.push(await this.#begin());
    return this.#tabs[at]!;
  }

  /** The app is gone from memory, whatever it was doing; the next use starts it anew, locked. */
  kill(): void {
    this.#life++;
    for (const { store, engine } of this.#tabs) {
      engine.stop();
      store.close();
    }
    this.#tabs = [];
    this.#taken = new Set();
  }

  /** What an operation came to, or "killed" if a fault killed the app in the middle of it. */
  outliving<T>(work: Promise<T>): Promise<T | "killed"> {
    const death = new Promise<"killed">((resolve) => (this.#died = () => resolve("killed")));
    return Promise.race([work, death]);
  }

  evict(flagsToo: boolean): void {
    this.kill();
    this.#idb = new IDBFactory();
    if (flagsToo) this.flags.clear();
  }

  /** A fresh engine on the same store: what it meant to wait for is forgotten. */
  async impatient(at: number): Promise<Tab> {
    const tab = await this.tab(at);
    tab.engine = this.#engine(tab.store);
    return tab;
  }

  async deliver(order: number[] | null): Promise<number[]> {
    const late = this.late;
    this.late = [];
    const statuses: number[] = [];
    for (const at of order ?? late.map((_, index) => late.length - 1 - index)) {
      const request = late[at];
      if (request === undefined) continue;
      const answer = await fetch(...request).catch(() => null);
      await answer?.arrayBuffer();
      statuses.push(answer?.status ?? 0);
    }
    return statuses;
  }

  async #begin(): Promise<Tab> {
    const flags = {
      getItem: (key: string) => this.flags.get(key) ?? null,
      setItem: (key: string, value: string) => void this.flags.set(key, value),
      removeItem: (key: string) => void this.flags.delete(key),
    };
    const { now, options } = this;
    const idle = { setTimeout: () => 0, clearTimeout: () => undefined };
    const around = { clock: now, flags, storage: null, indexedDB: this.#idb, IDBKeyRange, pinRounds: options.pinRounds };
    const store = await openStore("field", { ...around, ...idle });
    return { store, engine: this.#engine(store) };
  }

  #engine(store: Store): Engine {
    const life = this.#life;
    const locks: LocksLike = {
      request: async (name, _options, work) => {
        const taken = this.#taken;
        if (taken.has(name)) return work(null);
        taken.add(name);
        try {
          return await work({ name });
        } finally {
          taken.delete(name);
        }
      },
    };
    return new Engine({
      store,
      base: this.options.base,
      app: this.options.app,
      clock: this.now,
      chance: () => 0,
      locks: this.options.locks ? locks : null,
      fetch: (input, init) => this.#fetch(life, String(input), init ?? {}),
    });
  }

  async #fetch(life: number, url: string, init: RequestInit): Promise<Response> {
    this.requests++;
    const { signal: _, ...rest } = init;
    const fault = this.faults.shift() ?? "ok";
    if (fault === "no-request") throw new TypeError("no network");
    if (fault === "late") {
      this.late.push([url, rest]);
      throw new TypeError("no network");
    }
    if (fault === "die-before") return this.#die();
    let answer = await fetch(url, init);
    if (fault === "twice") {
      await answer.arrayBuffer();
      answer = await fetch(url, init);
    }
    if (fault === "no-reply") {
      await answer.arrayBuffer();
      throw new TypeError("no network");
    }
    if (fault === "die") {
      await answer.arrayBuffer();
      return this.#die();
    }
    // Killed meanwhile: whoever waits for this is gone.
    return life === this.#life ? answer : new Promise<Response>(() => undefined);
  }

  #die(): Promise<Response> {
    this.kill();
    this.#died();
    return new Promise<Response>(() => undefined);
  }
}
