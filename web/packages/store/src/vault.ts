/** Who this phone belongs to, and what opens it: enrolment, PIN, shift. */

import { base64url, fromBase64url } from "./bytes.ts";
import type { Canary } from "./canary.ts";
import type { MetaRows } from "./db.ts";
import { HELD, NO_SERVER } from "./db.ts";
import { StoreError } from "./errors.ts";
import type { Locked } from "./pin.ts";
import { lock, pinKeys, ROUNDS, unlock } from "./pin.ts";
import type { Room } from "./room.ts";
import type { EnrolAnswer, Limits, ShiftAnswer } from "./types.ts";

export const DEFAULT_LIMITS: Limits = { pin_tries: 5, undo_seconds: 8 };

export class Vault {
  readonly #room: Room;
  readonly #canary: Canary;

  constructor(room: Room, canary: Canary) {
    this.#room = room;
    this.#canary = canary;
  }

  /**
   * Takes what `enrol` answered, under a PIN chosen now. The same device again (a new token for it) keeps its outbox
   * and seq; for another device the old entries stay, stranded, and are told.
   */
  async adopt(answer: EnrolAnswer, name: string, pin: string): Promise<void> {
    const { db, random } = this.#room;
    if (!/^\d{6,12}$/.test(pin)) throw new StoreError("pin-too-short");
    const [salt, rounds] = [random(16), this.#room.around.pinRounds ?? ROUNDS];
    const keys = await pinKeys(pin, salt, answer.device, rounds);
    const token = await lock(keys.token, "token", answer.token, random);
    const { device, actor, server_key } = answer;
    const locks = { pin_salt: base64url(salt), pin_rounds: rounds, token };
    const row = { device, name, actor, server_key, ...locks, enrolled_at: this.#room.now() };
    await this.#room.writing(() =>
      db.transaction("rw", db.tables, async () => {
        const was = await db.get("device");
        const held = await db.held.get(HELD);
        if (held !== undefined) {
          const { release_at: _, ...entry } = held;
          await db.outbox.add(entry);
          await db.held.delete(HELD);
          await db.set("seq", held.seq + 1);
        }
        await this.#deleteList();
        await db.set("device", row);
        if (was?.device !== device) {
          await db.set("seq", (await this.#highest(device)) + 1);
          await db.set("epoch", { current: answer.epoch, past: [] });
          await db.drop("server", "last_sent_at");
        }
        await db.drop("tries", "revoked", "sync");
        await this.#clock(answer.server_time);
        await this.#canary.refresh();
      }),
    );
    this.#room.forgetKeys();
    [this.#room.keys, this.#room.token] = [keys, answer.token];
  }

  /** Opens the phone. A try is counted before it is made, so that killing the app gains nothing. */
  async open(pin: string): Promise<void> {
    const { db } = this.#room;
    const device = await this.#countTry();
    const keys = await pinKeys(pin, fromBase64url(device.pin_salt), device.device, device.pin_rounds);
    let token: string;
    try {
      token = await unlock<string>(keys.token, "token", device.token);
    } catch {
      throw await this.#wrong();
    }
    await db.drop("tries");
    [this.#room.keys, this.#room.token] = [keys, token];
    await this.expire();
  }

  /** A fresh share: what is on the list is encrypted anew where it can still be read. */
  async adoptShift(answer: ShiftAnswer): Promise<void> {
    await this.expire();
    const { db } = this.#room;
    const shift = { share: answer.share, from: answer.from, until: answer.until };
    for (let attempt = 0; attempt < 5; attempt++) {
      const was = await db.get("shift");
      const rows = was === undefined ? null : await this.#reencrypt(was.share, shift.share);
      const done = await this.#room.writing(() =>
        db.transaction("rw", db.meta, db.docs, db.marks, db.drafts, async () => {
          if ((await db.get("shift"))?.share !== was?.share) return false;
          if (rows !== null && (await this.#fingerprint()) !== rows.fingerprint) return false;
          if (rows === null) await this.#deleteList(false);
          else {
            await db.docs.bulkPut(rows.docs);
            await db.marks.bulkPut(rows.marks);
          }
          await db.set("shift", shift);
          await this.#clock(shift.from);
          return true;
        }),
      );
      if (done) return;
    }
    throw new StoreError("outbox-busy");
  }

  /** Deletes the list if the shift is over. True if it did. */
  async expire(): Promise<boolean> {
    const { db } = this.#room;
    const shift = await db.get("shift");
    if (shift === undefined) return false;
    const told = await this.#room.toldNow();
    if (told < Date.parse(shift.until)) {
      if (told - ((await db.get("latest")) ?? 0) > 60_000) await db.set("latest", told);
      return false;
    }
    await db.transaction("rw", db.meta, db.docs, db.marks, db.drafts, async () => {
      if ((await db.get("shift"))?.share === shift.share) await this.#deleteList(false);
    });
    this.#room.forgetList();
    return true;
  }

  /** The list, the share and the drafts go; the outbox stays. */
  async wipe(revoked: boolean): Promise<void> {
    const { db } = this.#room;
    await db.transaction("rw", db.meta, db.docs, db.marks, db.drafts, async () => {
      await this.#deleteList();
      if (revoked) await db.set("revoked", true);
    });
    this.#room.forgetList();
  }

  /** Inside the caller's transaction: the server has just said what time it is. */
  async #clock(time: string): Promise<void> {
    const { db } = this.#room;
    const skew_seconds = Math.round((Date.parse(time) - this.#room.now()) / 1000);
    await db.set("server", { ...((await db.get("server")) ?? NO_SERVER), skew_seconds });
    await db.set("latest", Date.parse(time));
  }

  /** Inside the caller's transaction. */
  async #deleteList(drafts = true): Promise<void> {
    const { db } = this.#room;
    await db.docs.clear();
    await db.marks.clear();
    if (drafts) await db.drafts.clear();
    await db.drop("shift", "list");
  }

  async #countTry(): Promise<MetaRows["device"]> {
    const { db } = this.#room;
    return db.transaction("rw", db.meta, async () => {
      const device = await db.get("device");
      if (device === undefined) throw new StoreError("not-enrolled");
      const tries = (await db.get("tries")) ?? { wrong: 0, wait_until: null };
      const wait = (tries.wait_until ?? 0) - this.#room.now();
      if (wait > 0 && wait <= 3_600_000) throw new StoreError("pin-wait", { until: tries.wait_until });
      await db.set("tries", { ...tries, wrong: tries.wrong + 1 });
      return device;
    });
  }

  async #wrong(): Promise<StoreError> {
    const { db } = this.#room;
    const most = ((await db.get("limits")) ?? DEFAULT_LIMITS).pin_tries;
    const { wrong } = (await db.get("tries")) ?? { wrong: 1 };
    if (wrong < most) return new StoreError("pin-wrong", { left: most - wrong });
    await this.wipe(false);
    const wait = Math.min(3_600_000, 60_000 * 2 ** Math.min(10, wrong - most));
    await db.set("tries", { wrong, wait_until: this.#room.now() + wait });
    return new StoreError("pin-tries-over", { until: this.#room.now() + wait });
  }

  async #reencrypt(from: string, to: string) {
    const { db, random } = this.#room;
    const [old, fresh] = [await this.#room.listKey(from), await this.#room.listKey(to)];
    if (old === null || fresh === null) return null;
    const rows = await db.transaction("r", db.docs, db.marks, async () => ({
      fingerprint: await this.#fingerprint(),
      docs: await db.docs.toArray(),
      marks: await db.marks.toArray(),
    }));
    const again = async <T extends Locked>(row: T, name: string): Promise<T> => ({
      ...row,
      ...(await lock(fresh, name, await unlock(old, name, row), random)),
    });
    return {
      fingerprint: rows.fingerprint,
      docs: await Promise.all(rows.docs.map((row) => again(row, `doc/${row.key}`))),
      marks: await Promise.all(rows.marks.map((row) => again(row, `mark/${row.id}`))),
    };
  }

  async #fingerprint(): Promise<string> {
    const { db } = this.#room;
    const rows = [...(await db.docs.toArray()), ...(await db.marks.toArray())];
    return rows.map((row) => row.iv).join();
  }

  async #highest(device: string): Promise<number> {
    const { db } = this.#room;
    const rows = db.outbox.filter((row) => row.device === device);
    return Math.max(0, ...(await rows.toArray()).map((row) => row.seq));
  }
}
