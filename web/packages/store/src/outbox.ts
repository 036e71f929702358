/** The outbox: one entry, one seq, one transaction. What is said to be saved is on the disk, sealed. */

import type { Canary } from "./canary.ts";
import { base64url } from "./bytes.ts";
import type { Json } from "./canonical.ts";
import type { MarkRow } from "./db.ts";
import { HELD } from "./db.ts";
import { StoreError } from "./errors.ts";
import { instant } from "./instant.ts";
import { lock } from "./pin.ts";
import type { Room } from "./room.ts";
import { sealCommand } from "./seal.ts";
import type { Batch, Entry, EntryState, Held, Kind, OutboxCounts, Payloads, Recorded, RecordOptions } from "./types.ts";

const MOST_BYTES = 900_000;
const TROUBLED: EntryState[] = ["refused", "quarantined", "conflict", "aside"];

interface ShareMark {
  share: string;
  row: MarkRow;
}

interface Stand {
  device: string;
  next: number;
  held: Held | undefined;
}

export class Outbox {
  readonly #room: Room;
  readonly #canary: Canary;

  constructor(room: Room, canary: Canary) {
    this.#room = room;
    this.#canary = canary;
  }

  async record<K extends Kind>(kind: K, payload: Payloads[K], options: RecordOptions): Promise<Recorded> {
    const id = options.id ?? this.#room.newId();
    for (let attempt = 0; attempt < 50; attempt++) {
      const before = await this.#find(id);
      if (before !== undefined) return said(before, true);
      const stand = await this.#stand();
      const entry = await this.#entry(id, kind, payload as unknown as Json, options, stand);
      const mark = await this.#mark(id, options);
      const hold = Math.max(0, options.hold ?? 0) * 1000;
      const held = hold > 0 ? { ...entry, release_at: this.#room.now() + hold } : null;
      if (await this.#room.writing(() => this.#commit(stand, entry, held, mark, options.draft))) return said(held ?? entry, false);
    }
    throw new StoreError("outbox-busy");
  }

  /** Takes back the held entry. False if it has gone: then only a correction helps. */
  async undo(id?: string): Promise<boolean> {
    const { db } = this.#room;
    return db.transaction("rw", db.meta, db.outbox, db.held, db.marks, db.canary, async () => {
      const held = await db.held.get(HELD);
      if (held === undefined || (id !== undefined && held.id !== id)) return false;
      await db.held.delete(HELD);
      await db.marks.delete(held.id);
      await this.#canary.refresh();
      return true;
    });
  }

  /** Lets the held entry go now, or only if its time is over. True if one went. */
  async release(onlyDue = false): Promise<boolean> {
    const { db } = this.#room;
    return this.#room.writing(() =>
      db.transaction("rw", db.meta, db.outbox, db.held, async () => {
        const held = await db.held.get(HELD);
        if (held === undefined || (onlyDue && !this.#due(held))) return false;
        await this.#letGo(held);
        return true;
      }),
    );
  }

  async held(): Promise<Held | undefined> {
    return this.#room.db.held.get(HELD);
  }

  /** The next request's commands, oldest first, without those in `skip`; null if nothing waits. */
  async batch(most: number, skip: ReadonlySet<string>): Promise<Batch | null> {
    await this.release(true);
    const { db } = this.#room;
    return db.transaction("rw", db.meta, db.outbox, async () => {
      const device = await db.get("device");
      const epoch = await db.get("epoch");
      if (device === undefined || epoch === undefined) return null;
      const waiting = this.#inState(device.device, "waiting").filter(({ id }) => !skip.has(id));
      const rows = await waiting.limit(most).toArray();
      if (rows.length === 0) return null;
      const commands: Batch["body"]["commands"] = [];
      let size = 0;
      for (const row of rows) {
        const command = wire(row);
        size += JSON.stringify(command).length + 1;
        if (commands.length > 0 && size > MOST_BYTES) break;
        commands.push(command);
      }
      const tick = ((await db.get("tick")) ?? 0) + 1;
      await db.set("tick", tick);
      const server = await db.get("server");
      const body = {
        epoch: epoch.current,
        device_time: instant(this.#room.now(), commands[0]!.zone),
        last_server_seq: server?.last_server_seq ?? 0,
        commands,
      };
      return { tick, ids: commands.map(({ id }) => id), body };
    });
  }

  async counts(): Promise<OutboxCounts> {
    const { db } = this.#room;
    return db.transaction("r", db.meta, db.outbox, db.held, async () => {
      const device = (await db.get("device"))?.device ?? "";
      const count = (state: EntryState): Promise<number> => this.#inState(device, state).count();
      const [waiting, aside] = [await count("waiting"), await count("aside")];
      const everywhere = await db.outbox.where("state").anyOf("waiting", "aside").count();
      const held = await db.held.get(HELD);
      const [oldest] = await this.#inState(device, "waiting").limit(1).toArray();
      const stranded = everywhere - waiting - aside;
      return {
        unsent: everywhere + (held === undefined ? 0 : 1),
        waiting,
        aside,
        held: held === undefined ? 0 : 1,
        stranded,
        done: await count("done"),
        refused: await count("refused"),
        quarantined: await count("quarantined"),
        conflict: await count("conflict"),
        to_see: await db.outbox.where("state").anyOf(TROUBLED).filter((row) => !row.seen).count(),
        last_sent_at: (await db.get("last_sent_at")) ?? null,
        oldest_unsent_at: oldest?.recorded_at ?? held?.recorded_at ?? null,
      };
    });
  }

  /** Newest first. */
  async entries(states?: EntryState[], most = 200): Promise<Entry[]> {
    const { db } = this.#room;
    const rows = await db.outbox.orderBy("[device+seq]").reverse().toArray();
    return rows.filter((row) => states === undefined || states.includes(row.state)).slice(0, most);
  }

  /** A person has looked at what became of it; what a backup holds goes. */
  async see(id: string): Promise<void> {
    const { db } = this.#room;
    await db.transaction("rw", db.outbox, db.marks, async () => {
      const row = await db.outbox.get(id);
      if (row === undefined || !TROUBLED.includes(row.state)) return;
      await db.outbox.update(id, { seen: true });
      if (row.state === "aside") return;
      await db.marks.delete(id);
      if (row.sealed === null) await db.outbox.delete(id);
    });
  }

  /** Asked for by a person: what was refused or set aside is offered once more. */
  async offerAgain(id: string): Promise<boolean> {
    const { db } = this.#room;
    return db.transaction("rw", db.meta, db.outbox, db.held, db.canary, async () => {
      const row = await db.outbox.get(id);
      if (row === undefined || row.sealed === null || !TROUBLED.includes(row.state)) return false;
      await db.outbox.update(id, { state: "waiting", code: "", seen: false });
      await this.#canary.refresh();
      return true;
    });
  }

  /** The server cannot read a request with this one in it: it stays here, counted as unsent, and blocks nobody. */
  async setAside(id: string, code: string): Promise<void> {
    const { db } = this.#room;
    await db.transaction("rw", db.outbox, async () => {
      const row = await db.outbox.get(id);
      if (row?.state === "waiting") await db.outbox.update(id, { state: "aside", code, seen: false });
    });
  }

  #inState(device: string, state: EntryState) {
    return this.#room.db.outbox
      .where("[device+state+seq]")
      .between([device, state, 0], [device, state, Infinity], true, true);
  }

  async #find(id: string): Promise<Entry | Held | undefined> {
    const { db } = this.#room;
    return db.transaction("r", db.outbox, db.held, async () => {
      const held = await db.held.get(HELD);
      return held?.id === id ? held : db.outbox.get(id);
    });
  }

  async #stand(): Promise<Stand> {
    const { db } = this.#room;
    return db.transaction("r", db.meta, db.held, async () => {
      const device = await db.get("device");
      if (device === undefined) throw new StoreError("not-enrolled");
      return { device: device.device, next: (await db.get("seq")) ?? 1, held: await db.held.get(HELD) };
    });
  }

  async #entry(id: string, kind: Kind, payload: Json, options: RecordOptions, stand: Stand): Promise<Entry> {
    const device = await this.#room.db.get("device");
    if (device?.device !== stand.device) throw new StoreError("not-enrolled");
    const now = this.#room.now();
    const envelope = {
      id,
      seq: stand.next + (stand.held === undefined ? 0 : 1),
      kind,
      v: 1,
      actor: device.actor.id,
      revision: options.revision ?? null,
      occurred_at: instant(options.occurredAt?.getTime() ?? now, options.zone),
      zone: options.zone,
      recorded_at: instant(now, options.zone),
    };
    const salted = { ...(payload as object), salt: base64url(this.#room.random(16)) };
    const command = await sealCommand(stand.device, envelope, salted, device.server_key, this.#room.random(12));
    const fate = { state: "waiting", code: "", server_seq: null, effect: {}, tick: 0, seen: false } as const;
    return { ...command, device: stand.device, ...fate };
  }

  async #mark(id: string, options: RecordOptions): Promise<ShareMark | null> {
    if (options.mark === undefined) return null;
    const shift = await this.#room.db.get("shift");
    const key = shift === undefined ? null : await this.#room.listKey(shift.share);
    if (shift === undefined || key === null) return null;
    const locked = await lock(key, `mark/${id}`, options.mark.value, this.#room.random);
    return { share: shift.share, row: { id, key: options.mark.key, settled: null, keep_until: options.mark.keepUntil ?? 0, ...locked } };
  }

  /** False if another tab was quicker: then it is sealed again with the seq that is next now. */
  #commit(
    stand: Stand,
    entry: Entry,
    held: Held | null,
    mark: ShareMark | null,
    draft: string | undefined,
  ): PromiseLike<boolean> {
    const { db } = this.#room;
    const tables = [db.meta, db.outbox, db.held, db.marks, db.drafts, db.canary];
    return db.transaction("rw", tables, async () => {
      const device = (await db.get("device"))?.device;
      const was = await db.held.get(HELD);
      const next = (await db.get("seq")) ?? 1;
      if (device !== stand.device || next !== stand.next || was?.id !== stand.held?.id) return false;
      if ((await db.outbox.get(entry.id)) !== undefined) return false;
      await this.#canary.giving(device, entry.seq);
      if (was !== undefined) await this.#letGo(was);
      if (held !== null) await db.held.put(held, HELD);
      else {
        await db.outbox.add(entry);
        await db.set("seq", entry.seq + 1);
      }
      if (mark !== null && (await db.get("shift"))?.share === mark.share) await db.marks.put(mark.row);
      if (draft !== undefined) await db.drafts.delete(draft);
      return true;
    });
  }

  /** Inside the caller's transaction. Its seq was foreseen when it was sealed; nothing can have taken it since. */
  async #letGo(held: Held): Promise<void> {
    const { db } = this.#room;
    const { release_at: _, ...entry } = held;
    await db.outbox.add(entry);
    await db.held.delete(HELD);
    if ((await db.get("device"))?.device === held.device) await db.set("seq", held.seq + 1);
  }

  /** A clock set back must not hold an entry for ever. */
  #due(held: Held): boolean {
    const left = held.release_at - this.#room.now();
    return left <= 0 || left > 60_000;
  }
}

function said(entry: Entry | Held, again: boolean): Recorded {
  const { id, seq, occurred_at, recorded_at } = entry;
  return { id, seq, occurred_at, recorded_at, undo_until: "release_at" in entry ? entry.release_at : null, again };
}

function wire(row: Entry): Batch["body"]["commands"][number] {
  const { device: _d, state: _s, code: _c, server_seq: _q, effect: _e, tick: _t, seen: _n, ...command } = row;
  return command;
}
