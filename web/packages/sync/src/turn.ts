/** One tab sends: by the browser's locks, or by a lease row where it has none (sync.md §8). */

import type { Store } from "@shouwang/store";

export interface LocksLike {
  request<T>(name: string, options: { ifAvailable: true }, work: (lock: unknown) => Promise<T>): Promise<T>;
}

const LEASE = 60_000;

export class Turn {
  readonly #store: Store;
  readonly #locks: LocksLike | null;
  readonly #clock: () => number;
  readonly #owner: string;

  constructor(store: Store, locks: LocksLike | null, clock: () => number) {
    this.#store = store;
    this.#locks = locks;
    this.#clock = clock;
    this.#owner = store.newId();
  }

  /** Null: another tab has the turn. `keep` is to be called before each request. */
  async take<T>(work: (keep: () => Promise<boolean>) => Promise<T>): Promise<T | null> {
    if (this.#locks !== null) {
      const name = `shouwang-sync:${this.#store.name}`;
      return this.#locks.request(name, { ifAvailable: true }, async (lock) => (lock === null ? null : work(async () => true)));
    }
    if (!(await this.#lease())) return null;
    try {
      return await work(() => this.#lease());
    } finally {
      await this.#letGo();
    }
  }

  async #lease(): Promise<boolean> {
    const { db } = this.#store;
    return db.transaction("rw", db.meta, async () => {
      const lease = await db.get("lease");
      const left = lease === undefined ? 0 : lease.until - this.#clock();
      const theirs = lease !== undefined && lease.owner !== this.#owner && left > 0 && left <= LEASE;
      if (theirs) return false;
      await db.set("lease", { owner: this.#owner, until: this.#clock() + LEASE });
      return true;
    });
  }

  async #letGo(): Promise<void> {
    const { db } = this.#store;
    await db.transaction("rw", db.meta, async () => {
      if ((await db.get("lease"))?.owner === this.#owner) await db.drop("lease");
    });
  }
}
