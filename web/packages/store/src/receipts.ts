/** What the server said, applied in one transaction. Replies may come late, twice, or in any order (sync.md §2, §4). */

import type { Canary } from "./canary.ts";
import type { MetaRows } from "./db.ts";
import { HELD, NO_SERVER } from "./db.ts";
import type { Room } from "./room.ts";
import type { Batch, CommandsAnswer, Entry, EntryState, Receipt, Standing, StateAnswer } from "./types.ts";

const UNSENT: EntryState[] = ["waiting", "aside"];
const KEPT: EntryState[] = ["refused", "quarantined", "conflict"];
const FATES: Record<string, EntryState> = {
  done: "done",
  refused: "refused",
  quarantined: "quarantined",
  conflict: "conflict",
};

/** `stale`: the answer belongs to a life of the database that is over; nothing of it counts. */
export interface Applied {
  stale: boolean;
  /** How many of those sent have a fate now. */
  settled: number;
  epochChanged: boolean;
}

type Server = MetaRows["server"];

export class Receipts {
  readonly #room: Room;
  readonly #canary: Canary;

  constructor(room: Room, canary: Canary) {
    this.#room = room;
    this.#canary = canary;
  }

  apply(batch: Pick<Batch, "tick" | "ids">, answer: CommandsAnswer): Promise<Applied> {
    return this.#inOne(answer, async (epochChanged) => {
      const server = await this.#server();
      const tick = await this.#tick();
      const sent = new Set(batch.ids);
      let settled = 0;
      for (const receipt of answer.receipts) {
        if (sent.has(receipt.id) && (await this.#settle(receipt, tick))) settled++;
        if (receipt.server_seq !== null) server.last_server_seq = Math.max(server.last_server_seq, receipt.server_seq);
      }
      server.skew_seconds = answer.skew_seconds;
      await this.#stand(server, answer, batch.tick);
      if (settled > 0) await this.#room.db.set("last_sent_at", this.#room.now());
      return { stale: false, settled, epochChanged };
    });
  }

  applyState(tick: number, answer: StateAnswer): Promise<Applied> {
    return this.#inOne(answer, async (epochChanged) => {
      const server = await this.#server();
      server.skew_seconds = Math.round((Date.parse(answer.server_time) - this.#room.now()) / 1000);
      await this.#stand(server, answer, tick);
      return { stale: false, settled: 0, epochChanged };
    });
  }

  /** Begins a request; what is applied after this is newer than its answer. */
  async begin(): Promise<number> {
    const { db } = this.#room;
    return db.transaction("rw", db.meta, async () => {
      const tick = (await this.#tick()) + 1;
      await db.set("tick", tick);
      return tick;
    });
  }

  /**
   * Inside the caller's transaction (meta, outbox). False: an epoch that is over. A new one: everything that is not
   * in the backup waits again, and the list is asked for whole, for a restored server may reuse a cursor's name.
   */
  async enterEpoch(epoch: string, backedUpTo: number): Promise<"stale" | "same" | "new"> {
    const { db } = this.#room;
    const known = await db.get("epoch");
    if (known === undefined || known.past.includes(epoch)) return "stale";
    if (known.current === epoch) return "same";
    await db.set("epoch", { current: epoch, past: [...known.past, known.current].slice(-50) });
    const device = await this.#device();
    for (const row of await db.outbox.toArray()) {
      if (row.device !== device || UNSENT.includes(row.state) || row.sealed === null) continue;
      if (row.server_seq !== null && row.server_seq <= backedUpTo) continue;
      await db.outbox.update(row.id, { state: "waiting", code: "", server_seq: null, effect: {}, seen: false });
    }
    const server = await this.#server();
    const last = Math.min(server.last_server_seq, backedUpTo);
    await db.set("server", { ...server, last_server_seq: last, backed_up_to: backedUpTo, contiguous: 0, tick: 0 });
    const list = await db.get("list");
    if (list !== undefined) await db.set("list", { ...list, cursor: "" });
    return "new";
  }

  /** Inside the caller's transaction (meta, outbox): what a restored backup holds need not be kept. */
  async prune(backedUpTo: number): Promise<void> {
    const { db } = this.#room;
    const device = await this.#device();
    for (const row of await db.outbox.toArray()) {
      if (row.device !== device || row.server_seq === null || row.server_seq > backedUpTo) continue;
      if (row.state === "done" || (KEPT.includes(row.state) && row.seen)) await db.outbox.delete(row.id);
      else if (KEPT.includes(row.state) && row.sealed !== null) await db.outbox.update(row.id, { sealed: null });
    }
  }

  #inOne(answer: Standing, work: (epochChanged: boolean) => Promise<Applied>): Promise<Applied> {
    const { db } = this.#room;
    const tables = [db.meta, db.outbox, db.held, db.marks, db.canary];
    return this.#room.writing(() =>
      db.transaction("rw", tables, async () => {
        const epoch = await this.enterEpoch(answer.epoch, answer.backed_up_to);
        if (epoch === "stale") return { stale: true, settled: 0, epochChanged: false };
        const applied = await work(epoch === "new");
        await db.set("latest", Date.parse(answer.server_time));
        await this.#canary.refresh();
        return applied;
      }),
    );
  }

  async #settle(receipt: Receipt, tick: number): Promise<boolean> {
    const { db } = this.#room;
    const status = receipt.status === "again" ? (receipt.effect?.first ?? "done") : receipt.status;
    const state = FATES[status];
    const row = await db.outbox.get(receipt.id);
    if (row === undefined || state === undefined) return false;
    const code = receipt.code ?? "";
    const seen = row.seen && row.state === state && row.code === code;
    const fate = { state, code, server_seq: receipt.server_seq, effect: receipt.effect ?? {}, tick, seen };
    await db.outbox.update(row.id, fate);
    if (state === "done") await db.marks.update(row.id, { settled: tick });
    return true;
  }

  /** Contiguity, gaps and backups, unless a later request's answer has been applied already. */
  async #stand(server: Server, answer: Standing, tick: number): Promise<void> {
    const { db } = this.#room;
    server.backed_up_to = Math.max(server.backed_up_to, answer.backed_up_to);
    if (tick >= server.tick) {
      server.tick = tick;
      server.contiguous = answer.contiguous;
      server.unfillable = await this.#offerMissing(answer, tick);
    }
    await db.set("server", server);
    await this.prune(server.backed_up_to);
  }

  /** What the server says it lacks waits again; what this phone no longer has is named. */
  async #offerMissing(answer: Standing, tick: number): Promise<[number, number][]> {
    const { db } = this.#room;
    const device = await this.#device();
    const next = (await db.get("seq")) ?? 1;
    const missing = answer.gaps.map(([from, to]): [number, number] => [from, Math.min(to, next - 1)]);
    if (missing.length === 0) missing.push([answer.contiguous + 1, next - 1]);
    const here = new Map<number, Entry>();
    for (const row of await db.outbox.toArray()) if (row.device === device) here.set(row.seq, row);
    const held = await db.held.get(HELD);
    const unfillable: [number, number][] = [];
    for (const [from, to] of missing) {
      for (let seq = Math.max(1, from); seq <= to; seq++) {
        const row = here.get(seq);
        if (row === undefined || row.sealed === null) {
          if (!(held?.device === device && held.seq === seq)) extend(unfillable, seq);
        } else if (row.tick < tick && !UNSENT.includes(row.state) && row.state !== "conflict") {
          await db.outbox.update(row.id, { state: "waiting", code: "", server_seq: null, effect: {}, seen: false });
        }
      }
    }
    return unfillable;
  }

  async #server(): Promise<Server> {
    return (await this.#room.db.get("server")) ?? { ...NO_SERVER };
  }

  async #tick(): Promise<number> {
    return (await this.#room.db.get("tick")) ?? 0;
  }

  async #device(): Promise<string> {
    return (await this.#room.db.get("device"))?.device ?? "";
  }
}

function extend(ranges: [number, number][], seq: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && last[1] === seq - 1) last[1] = seq;
  else ranges.push([seq, seq]);
}
