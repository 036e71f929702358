/** The list: documents encrypted one by one under the PIN and the shift's share, and the form in progress. */

import type { Table } from "dexie";
import type { Json } from "./canonical.ts";
import type { DocRow, MarkRow } from "./db.ts";
import { StoreError } from "./errors.ts";
import { lock, unlock } from "./pin.ts";
import type { Receipts } from "./receipts.ts";
import type { Room } from "./room.ts";
import type { ChangesAnswer, EntryState } from "./types.ts";
import type { Vault } from "./vault.ts";
import { DEFAULT_LIMITS } from "./vault.ts";

export interface Mark {
  /** The command's id. */
  id: string;
  key: string;
  value: Json;
  /** held: can be undone; gone: its command is in a backup. */
  state: EntryState | "held" | "gone";
  code: string;
}

/** A pull under way: its answer counts only if nothing else was applied since. */
export interface Pull {
  tick: number;
  cursor: string;
  share: string;
}

export class List {
  readonly #room: Room;
  readonly #vault: Vault;
  readonly #receipts: Receipts;
  /** Decrypted rows by table and key; a row with another iv is another row. */
  readonly #seen = new Map<string, { iv: string; value: Json }>();

  constructor(room: Room, vault: Vault, receipts: Receipts) {
    this.#room = room;
    this.#vault = vault;
    this.#receipts = receipts;
  }

  /** Every document whose key begins with `prefix`, by key. Empty while locked or when the shift is over. */
  async documents<T = Json>(prefix: string): Promise<{ key: string; doc: T }[]> {
    const rows = await this.#under(this.#room.db.docs, prefix, ({ key }) => `doc/${key}`);
    return rows.map(({ row, value }) => ({ key: row.key, doc: value as T }));
  }

  async document<T = Json>(name: string): Promise<T | null> {
    const found = await this.documents<T>(name);
    return found.find(({ key }) => key === name)?.doc ?? null;
  }

  /** What was recorded here and the server's documents do not say yet. */
  async marks(prefix: string): Promise<Mark[]> {
    const { db } = this.#room;
    const rows = await this.#under(db.marks, prefix, ({ id }) => `mark/${id}`);
    const held = (await db.held.toArray())[0]?.id;
    const entries = await db.outbox.bulkGet(rows.map(({ row }) => row.id));
    return rows.map(({ row: { id, key }, value }, at) => {
      const entry = entries[at];
      return { id, key, value, state: id === held ? "held" : (entry?.state ?? "gone"), code: entry?.code ?? "" };
    });
  }

  /** Nothing readable stays in memory. */
  forget(): void {
    this.#seen.clear();
  }

  async begin(): Promise<Pull> {
    const tick = await this.#receipts.begin();
    const { db } = this.#room;
    const shift = await db.get("shift");
    if (shift === undefined) throw new StoreError("shift-over");
    return { tick, cursor: (await db.get("list"))?.cursor ?? "", share: shift.share };
  }

  /** False: something newer is here already (another tab, another shift, an epoch that is over); nothing was done. */
  async apply(pull: Pull, answer: ChangesAnswer): Promise<boolean> {
    const key = await this.#room.listKey(pull.share);
    if (key === null) return false;
    const lockRow = async ({ key: name, doc }: { key: string; doc: Json }): Promise<DocRow> => ({
      key: name,
      ...(await lock(key, `doc/${name}`, doc, this.#room.random)),
    });
    const rows = await Promise.all(answer.docs.map(lockRow));
    const limits = limitsOf(answer);
    const { db } = this.#room;
    return this.#room.writing(() =>
      db.transaction("rw", db.meta, db.outbox, db.docs, db.marks, async () => {
        if ((await db.get("shift"))?.share !== pull.share) return false;
        if (((await db.get("list"))?.cursor ?? "") !== pull.cursor) return false;
        if ((await this.#receipts.enterEpoch(answer.epoch, answer.backed_up_to)) === "stale") return false;
        if (answer.full) await db.docs.clear();
        else await db.docs.bulkDelete(answer.gone);
        await db.docs.bulkPut(rows);
        const now = this.#room.now();
        const told = (mark: MarkRow): boolean => mark.settled !== null && mark.settled < pull.tick;
        await db.marks.filter((mark) => told(mark) && mark.keep_until <= now).delete();
        await db.set("list", { cursor: answer.cursor, pulled_at: this.#room.now(), cut: answer.cut });
        if (limits !== null) await db.set("limits", limits);
        await this.#receipts.prune(answer.backed_up_to);
        await db.set("latest", Date.parse(answer.server_time));
        return true;
      }),
    );
  }

  async saveDraft(name: string, value: Json): Promise<void> {
    const keys = this.#room.keys;
    if (keys === null) throw new StoreError("locked");
    const row = { name, saved_at: this.#room.now(), ...(await lock(keys.drafts, `draft/${name}`, value, this.#room.random)) };
    await this.#room.writing(() => this.#room.db.drafts.put(row));
  }

  async loadDraft<T = Json>(name: string): Promise<T | null> {
    const row = await this.#room.db.drafts.get(name);
    if (row === undefined || this.#room.keys === null) return null;
    try {
      return await unlock<T>(this.#room.keys.drafts, `draft/${name}`, row);
    } catch {
      return null;
    }
  }

  async dropDraft(name: string): Promise<void> {
    await this.#room.db.drafts.delete(name);
  }

  async drafts(): Promise<{ name: string; saved_at: number }[]> {
    return (await this.#room.db.drafts.toArray()).map(({ name, saved_at }) => ({ name, saved_at }));
  }

  /**
   * The rows of a table under a prefix, decrypted. One that cannot be read does not take the others with it: it is
   * left out, and the next pull brings the whole list.
   */
  async #under<T extends DocRow | MarkRow>(table: Table<T, string>, prefix: string, nameOf: (row: T) => string) {
    const { db } = this.#room;
    if (await this.#vault.expire()) this.#seen.clear();
    // Share and rows of one instant: another tab may begin another shift meanwhile.
    const [shift, rows] = await db.transaction("r", db.meta, table, async () => {
      const found = prefix === "" ? table.toArray() : table.where("key").startsWith(prefix).toArray();
      return [await db.get("shift"), await found] as const;
    });
    const key = shift === undefined ? null : await this.#room.listKey(shift.share);
    if (key === null) {
      this.#seen.clear();
      return [];
    }
    const read = rows.map(async (row) => ({ row, value: await this.#read(key, nameOf(row), row) }));
    const done = await Promise.all(read.map((one) => one.catch(() => null)));
    const whole = done.filter((one) => one !== null);
    if (whole.length < rows.length) await this.#askForAll();
    return whole;
  }

  async #askForAll(): Promise<void> {
    const { db } = this.#room;
    await db.transaction("rw", db.meta, async () => {
      const list = await db.get("list");
      if (list !== undefined && list.cursor !== "") await db.set("list", { ...list, cursor: "" });
    });
  }

  async #read(key: CryptoKey, name: string, row: DocRow | MarkRow): Promise<Json> {
    const seen = this.#seen.get(name);
    if (seen?.iv === row.iv) return seen.value;
    const value = await unlock<Json>(key, name, row);
    this.#seen.set(name, { iv: row.iv, value });
    return value;
  }
}

function limitsOf(answer: ChangesAnswer) {
  const me = answer.docs.find(({ key }) => key === "me")?.doc as { field?: Record<string, unknown> } | undefined;
  if (me?.field === undefined) return null;
  const whole = (value: unknown, otherwise: number): number => (Number.isSafeInteger(value) ? (value as number) : otherwise);
  return {
    pin_tries: whole(me.field.pin_tries, DEFAULT_LIMITS.pin_tries),
    undo_seconds: whole(me.field.undo_seconds, DEFAULT_LIMITS.undo_seconds),
  };
}
