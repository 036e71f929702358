/** What every part of the store works with: the tables, the surroundings and the keys in memory. */

import { FieldDatabase } from "./db.ts";
import { telling } from "./errors.ts";
import type { PinKeys } from "./pin.ts";
import { listKey } from "./pin.ts";
import { measure } from "./space.ts";
import type { Surroundings } from "./types.ts";
import type { Random } from "./uuid7.ts";
import { systemRandom, uuidMaker } from "./uuid7.ts";

export class Room {
  readonly db: FieldDatabase;
  readonly name: string;
  readonly around: Surroundings;
  readonly now: () => number;
  readonly random: Random;
  readonly newId: () => string;
  /** Null while locked. */
  keys: PinKeys | null = null;
  token: string | null = null;
  #list: { share: string; key: CryptoKey } | null = null;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.around = around;
    this.db = new FieldDatabase(name, around);
    this.now = around.clock ?? Date.now;
    this.random = around.random ?? systemRandom;
    this.newId = uuidMaker(this.now, this.random);
  }

  /** A write that promises: `storage-full` or `storage-failed` if it cannot be kept. */
  writing<T>(work: () => PromiseLike<T>): Promise<T> {
    return telling(work, async () => (await measure(this.around.storage)).nearly_full);
  }

  /** The list's key under this share, or null while locked. Another tab may have begun another shift. */
  async listKey(share: string): Promise<CryptoKey | null> {
    if (this.#list?.share === share) return this.#list.key;
    const device = await this.db.get("device");
    const keys = this.keys;
    if (keys === null || device === undefined) return null;
    const key = await listKey(keys, share, device.device);
    if (this.keys === keys) this.#list = { share, key };
    return key;
  }

  forgetList(): void {
    this.#list = null;
  }

  forgetKeys(): void {
    this.keys = null;
    this.token = null;
    this.forgetList();
  }

  /** The server's time as far as the phone knows; never before a time that is sure to have been. */
  async toldNow(): Promise<number> {
    const [server, latest] = [await this.db.get("server"), await this.db.get("latest")];
    return Math.max(this.now() + (server?.skew_seconds ?? 0) * 1000, latest ?? 0);
  }
}
