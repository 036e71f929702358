import { Dexie } from "dexie";
import fc from "fast-check";
import { FDBDatabase, FDBObjectStore } from "./disk.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../src/index.ts";
import { answer, begun, changes, check, Disk, enrolAnswer, HOUR, PATIENCE, PIN, record, ZONE } from "./phone.ts";

afterEach(() => vi.restoreAllMocks());

const seqs = async (store: Store) => (await store.entries(undefined, 1000)).map(({ seq }) => seq).sort((a, b) => a - b);

describe("saving", () => {
  it("is strict: every transaction that writes asks for the disk, not for the cache", async () => {
    const opened = vi.spyOn(FDBDatabase.prototype, "transaction");
    const store = await begun(new Disk());
    await record(store);
    await record(store, "", { hold: 8 });
    await store.release();
    const writing = opened.mock.calls.filter(([, mode]) => mode === "readwrite");
    expect(writing.length).toBeGreaterThanOrEqual(3);
    for (const call of writing) expect(call[2]).toEqual({ durability: "strict" });
  });

  it("gives 1, 2, 3 … whichever tab asks, however many at once", async () => {
    const disk = new Disk();
    const one = await begun(disk);
    const two = await disk.open();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 8 }), async (list) => {
        await Promise.all(list.map(([first, hold]) => record(first ? one : two, "", hold ? { hold: 8 } : {})));
        await one.release();
        const given = await seqs(two);
        expect(given).toEqual(given.map((_, at) => at + 1));
        expect(await one.db.get("seq")).toBe(given.length + 1);
      }),
      { numRuns: 8, seed: 20_200_201 },
    );
  });

  it("twice with one id is saved once", async () => {
    const store = await begun(new Disk());
    const id = store.newId();
    const first = await record(store, "甲", { id });
    expect(await record(store, "乙", { id })).toEqual({ ...first, again: true });
    expect((await store.outbox()).unsent).toBe(1);
    const other = store.newId();
    await Promise.all([record(store, "", { id: other }), record(store, "", { id: other })]);
    expect((await store.outbox()).unsent).toBe(2);
  });

  it("killed at any write leaves all of it or nothing", async () => {
    for (let write = 1; write < 20; write++) {
      const disk = new Disk();
      const store = await begun(disk);
      await record(store, "held before", { hold: 8 });
      await store.saveDraft("d", { deci: 1 });
      const before = { unsent: (await store.outbox()).unsent, seq: await store.db.get("seq") };
      const killed = killAtWrite(write);
      const saved = await record(store, "", { draft: "d", mark: { key: "file/1", value: 1 } }).then(
        () => true,
        () => false,
      );
      killed.restore();
      store.close();
      const again = await disk.open();
      await again.unlock(PIN);
      const counts = await again.outbox();
      if (saved) {
        expect(killed.happened()).toBe(false);
        expect([counts.unsent, counts.held, await again.loadDraft("d")]).toEqual([2, 0, null]);
        return;
      }
      expect([counts.unsent, counts.held, await again.db.get("seq")]).toEqual([before.unsent, 1, before.seq]);
      expect(await again.loadDraft("d")).toEqual({ deci: 1 });
      expect(await again.marks("")).toEqual([]);
      await record(again);
      expect(await seqs(again)).toEqual([1, 2]);
    }
    throw new Error("never got through");
  });

  it.each([
    ["at once", (_request: IDBRequest) => { throw new DOMException("full", "QuotaExceededError"); }],
    ["at the commit", (request: IDBRequest) => request.addEventListener("success", () => abort(request, "QuotaExceededError"))],
  ])("on a disk that is full %s says so, and nothing is half written", async (_name, fail) => {
    const store = await begun(new Disk());
    await record(store);
    breakLastWrite(fail);
    await expect(record(store, "满了")).rejects.toMatchObject({ code: "storage-full" });
    vi.restoreAllMocks();
    expect([await seqs(store), await store.db.get("seq")]).toEqual([[1], 2]);
    await record(store);
    expect(await seqs(store)).toEqual([1, 2]);
  });

  it("that the disk breaks without a reason is told too, as full if the disk nearly was", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    breakLastWrite((request) => request.addEventListener("success", () => abort(request, "UnknownError")));
    await expect(record(store)).rejects.toMatchObject({ code: "storage-failed" });
    disk.storage = { estimate: async () => ({ usage: 999, quota: 1000 }) };
    const again = await disk.open();
    await expect(record(again)).rejects.toMatchObject({ code: "storage-full" });
    expect((await again.outbox()).unsent).toBe(0);
  });
});

describe("undo", () => {
  it("takes back the newest within its seconds, and not after", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    const { id, undo_until } = await record(store, "", { hold: 8, mark: { key: "file/1", value: 1 } });
    expect(undo_until).toBe(disk.time + 8000);
    expect(await store.batch(100)).toBeNull();
    expect(await store.undo(id)).toBe(true);
    expect([(await store.outbox()).unsent, await store.marks("")]).toEqual([0, []]);
    await record(store, "", { hold: 8 });
    disk.time += 8000;
    expect((await store.batch(100))?.ids.length).toBe(1);
    expect(await store.undo()).toBe(false);
    expect(await seqs(store)).toEqual([1]);
  });

  it("is over when the next is saved; another's id undoes nothing", async () => {
    const store = await begun(new Disk());
    const first = await record(store, "", { hold: 8 });
    await record(store, "", { hold: 8 });
    expect(await store.undo(first.id)).toBe(false);
    expect(await store.outbox()).toMatchObject({ waiting: 1, held: 1, unsent: 2 });
    await record(store);
    expect(await seqs(store)).toEqual([1, 2, 3]);
  });

  it("ends by itself, also when the app was killed meanwhile or the clock was set back", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    await record(store, "", { hold: 8 });
    store.close();
    disk.time -= 40 * HOUR;
    disk.timers = [];
    const again = await disk.open();
    expect(disk.timers.length).toBe(1);
    disk.timers[0]!.work();
    await vi.waitFor(async () => expect((await again.outbox()).waiting).toBe(1), PATIENCE);
  });
});

describe("answers", () => {
  async function sent(count: number) {
    const disk = new Disk();
    const store = await begun(disk);
    for (let at = 0; at < count; at++) await record(store, "", { mark: { key: "file/1", value: at } });
    const batch = (await store.batch(100))!;
    return { disk, store, batch };
  }
  const states = async (store: Store) => (await store.entries()).map(({ seq, state }) => `${seq} ${state}`).sort();

  it("each command has its own fate; what went wrong is shown until it was seen", async () => {
    const { store, batch } = await sent(4);
    const [a, b, c, d] = batch.ids as [string, string, string, string];
    const fates = [
      { id: a, status: "done" as const, code: "", server_seq: 1, effect: { alerts: ["fever"] } },
      { id: b, status: "refused" as const, code: "file-closed", server_seq: 2, effect: {} },
      { id: c, status: "quarantined" as const, code: "not-permitted", server_seq: 3, effect: {} },
      { id: d, status: "conflict" as const, code: "id-taken", server_seq: null, effect: {} },
    ];
    await store.applyReceipts(batch, answer([], { receipts: fates, contiguous: 4, backed_up_to: 3 }));
    expect(await states(store)).toEqual(["2 refused", "3 quarantined", "4 conflict"]);
    expect(await store.outbox()).toMatchObject({ unsent: 0, to_see: 3 });
    expect((await store.marks("")).map(({ state }) => state).sort()).toEqual(["conflict", "gone", "quarantined", "refused"]);
    await store.see(b);
    expect(await states(store)).toEqual(["3 quarantined", "4 conflict"]);
    expect((await store.entries(["quarantined"]))[0]?.sealed).toBeNull();
    expect(await store.batch(100)).toBeNull();
  });

  it("a mark stays until a list that was asked for after the receipt", async () => {
    const { store, batch } = await sent(1);
    const early = await store.beginPull();
    await store.applyReceipts(batch, answer(batch.ids));
    await store.applyChanges(early, changes({ "file/1": 1 }, { cursor: "c2" }));
    expect((await store.marks("")).length).toBe(1);
    await store.applyChanges(await store.beginPull(), changes({ "file/1": 2 }, { cursor: "c3" }));
    expect(await store.marks("")).toEqual([]);
  });

  it("an answer twice, or for something else, changes nothing more", async () => {
    const { store, batch } = await sent(2);
    await store.applyReceipts(batch, answer(batch.ids));
    const before = await store.entries();
    await store.applyReceipts(batch, answer(batch.ids));
    await store.applyReceipts({ tick: batch.tick, ids: [] }, answer(["somebody-else"], { contiguous: 2 }));
    expect(await store.entries()).toEqual(before);
  });

  it("a new epoch: what the backup does not hold is offered again, whatever its fate was", async () => {
    const { store, batch } = await sent(3);
    const receipts = answer(batch.ids).receipts;
    receipts[2]!.status = "refused";
    await store.applyReceipts(batch, answer([], { receipts, contiguous: 3 }));
    const tick = await store.beginRequest();
    const state = { ...answer([]), epoch: "epoch-2", backed_up_to: 1, contiguous: 3, oldest_app: 1, newest_app: 3, revoked: false };
    await store.applyState(tick, state);
    expect(await states(store)).toEqual(["2 waiting", "3 waiting"]);
    const next = (await store.batch(100))!;
    expect([next.body.epoch, next.body.last_server_seq]).toEqual(["epoch-2", 1]);
    expect((await store.beginPull()).cursor).toBe("");
    expect(next.body.commands[0]).toEqual(batch.body.commands[1]);
  });

  it("an answer of an epoch that is over counts for nothing", async () => {
    const { store, batch } = await sent(2);
    await store.applyReceipts(batch, answer([], { epoch: "epoch-2", contiguous: 0 }));
    const late = answer(batch.ids, { backed_up_to: 2 });
    expect(await store.applyReceipts(batch, late)).toMatchObject({ stale: true });
    expect(await states(store)).toEqual(["1 waiting", "2 waiting"]);
    const pull = await store.beginPull();
    expect(await store.applyChanges(pull, changes({ "file/9": 9 }))).toBe(false);
  });

  it("what the server lacks is offered again, but an older answer does not take back a newer one", async () => {
    const { store, batch } = await sent(3);
    const older = await store.beginRequest();
    await store.applyReceipts(batch, answer(batch.ids));
    const lacking = { contiguous: 0, gaps: [] as [number, number][] };
    const state = { ...answer([]), ...lacking, oldest_app: 1, newest_app: 3, revoked: false };
    await store.applyState(older, state);
    expect((await store.outbox()).done).toBe(3);
    const later = await store.beginRequest();
    await store.applyState(later, { ...state, contiguous: 1, gaps: [[2, 2]] });
    expect(await states(store)).toEqual(["1 done", "2 waiting", "3 done"]);
    const next = (await store.batch(100))!;
    await store.applyReceipts(next, answer([], { receipts: [{ ...answer(next.ids).receipts[0]!, status: "again", effect: { first: "done" } }], contiguous: 3 }));
    expect((await store.outbox()).done).toBe(3);
    // The same answer to the request before that one, late: nothing waits again, nothing is called missing.
    await store.applyState(later, { ...state, contiguous: 0, gaps: [] });
    expect((await store.outbox()).done).toBe(3);
    expect((await store.state()).unfillable).toEqual([]);
  });

  it("a gap that cannot be filled is named", async () => {
    const { store, batch } = await sent(4);
    await store.applyReceipts(batch, answer(batch.ids, { backed_up_to: 3 }));
    const state = { ...answer([]), contiguous: 1, gaps: [[2, 3]] as [number, number][], oldest_app: 1, newest_app: 3, revoked: false };
    await store.applyState(await store.beginRequest(), state);
    expect((await store.state()).unfillable).toEqual([[2, 3]]);
    expect(await states(store)).toEqual(["4 done"]);
  });

  it("killed at any write of an answer leaves all of it or nothing", async () => {
    for (let write = 1; write < 40; write++) {
      const { disk, store, batch } = await sent(3);
      const killed = killAtWrite(write);
      const applied = await store.applyReceipts(batch, answer(batch.ids, { backed_up_to: 1, epoch: "epoch-2" })).then(
        () => true,
        () => false,
      );
      killed.restore();
      store.close();
      const again = await disk.open();
      if (applied) {
        expect(await states(again)).toEqual(["2 done", "3 done"]);
        expect((await again.db.get("epoch"))?.current).toBe("epoch-2");
        return;
      }
      expect(await states(again)).toEqual(["1 waiting", "2 waiting", "3 waiting"]);
      expect((await again.db.get("epoch"))?.current).toBe("epoch-1");
    }
    throw new Error("never got through");
  });
});

describe("another enrolment of this phone", () => {
  it("of the same device goes on with its outbox and its numbers, under a new PIN", async () => {
    const store = await begun(new Disk());
    await record(store, "", { hold: 8 });
    await store.adopt({ ...enrolAnswer(), token: "new" }, "x", "314159");
    await record(store);
    expect([await seqs(store), await store.outbox()]).toMatchObject([[1, 2], { waiting: 2, stranded: 0, unsent: 2 }]);
    expect(store.token()).toBe("new");
  });

  it("as another device begins at 1; what the first left behind is told, never sent as its own, never lost", async () => {
    const store = await begun(new Disk());
    await record(store);
    await record(store, "", { hold: 8 });
    await store.adopt(enrolAnswer("device-2"), "x", PIN);
    const { id } = await record(store);
    expect(await store.outbox()).toMatchObject({ waiting: 1, stranded: 2, unsent: 3 });
    expect((await store.batch(100))?.ids).toEqual([id]);
    await store.adopt(enrolAnswer("device-1"), "x", PIN);
    expect((await store.batch(100))?.ids.length).toBe(2);
    expect((await record(store)).seq).toBe(3);
  });
});

describe("the browser throws data away", () => {
  it("and the app says from where to where", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    for (let at = 0; at < 5; at++) await record(store);
    const batch = (await store.batch(2))!;
    await store.applyReceipts(batch, answer(batch.ids));
    await record(store, "", { hold: 8 });
    store.close();
    const { idb } = new Disk();
    disk.idb = idb;
    const again = await disk.open();
    const { losses, phase } = await again.state();
    expect([phase, losses]).toMatchObject(["new", [{ kind: "database-lost", device: "device-1", unsent: [3, 6], seen: false }]]);
    again.close();
    const third = await disk.open();
    expect((await third.state()).losses.length).toBe(1);
    await third.seeLosses();
    expect((await third.state()).losses[0]?.seen).toBe(true);
  });

  it("with nothing unsent it says that nothing was", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    await record(store);
    await record(store, "", { hold: 8 });
    await store.undo();
    const batch = (await store.batch(2))!;
    await store.applyReceipts(batch, answer(batch.ids));
    store.close();
    disk.idb = new Disk().idb;
    expect((await (await disk.open()).state()).losses).toMatchObject([{ kind: "database-lost", unsent: null }]);
  });

  it("the flag alone gone is told too; nothing of either is no loss", async () => {
    const disk = new Disk();
    const fresh = await disk.open();
    expect((await fresh.state()).losses).toEqual([]);
    fresh.close();
    const store = await begun(disk);
    await record(store);
    store.close();
    disk.rows.clear();
    const again = await disk.open();
    expect((await again.state()).losses).toMatchObject([{ kind: "flag-lost", unsent: null }]);
    expect((await again.outbox()).unsent).toBe(1);
  });
});

describe("room on the phone", () => {
  it("is asked for and measured, and little is told before it hurts", async () => {
    const disk = new Disk();
    let usage = 10_000_000;
    disk.storage = {
      persisted: async () => false,
      persist: async () => true,
      estimate: async () => ({ usage, quota: 500_000_000 }),
    };
    const store = await disk.open();
    expect(await store.persist()).toBe(true);
    expect(await store.space()).toMatchObject({ usage, nearly_full: false });
    usage = 485_000_000;
    expect((await store.space()).nearly_full).toBe(true);
    disk.storage = null;
    const bare = await disk.open();
    expect([await bare.persist(), (await bare.space()).nearly_full]).toEqual([null, false]);
  });
});

describe("watching", () => {
  it("tells one tab what the other did", async () => {
    const disk = new Disk();
    Dexie.dependencies.indexedDB = disk.idb;
    const one = await begun(disk);
    const two = await disk.open();
    const seen: number[] = [];
    const stop = two.watchOutbox(({ unsent }) => seen.push(unsent));
    await vi.waitFor(() => expect(seen).toContain(0), PATIENCE);
    await one.record("check", check(), { zone: ZONE });
    await vi.waitFor(() => expect(seen.at(-1)).toBe(1), PATIENCE);
    stop();
  });
});

/** What happens to the write of the next number, the last of a save. */
function breakLastWrite(fail: (request: IDBRequest) => void): void {
  const put = FDBObjectStore.prototype.put;
  vi.spyOn(FDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value: { key?: string }) {
    const request = put.call(this, value);
    if (value.key === "seq") fail(request);
    return request;
  });
}

function abort(request: IDBRequest, name: string): void {
  (request.transaction as unknown as { _abort(name: string): void })._abort(name);
}

/** Throws at the nth write from now on, as if the process were gone: the transaction is aborted. */
function killAtWrite(nth: number) {
  let [count, happened] = [0, false];
  const spies = (["put", "add", "delete", "clear"] as const).map((name) => {
    const real = FDBObjectStore.prototype[name] as (...args: never[]) => unknown;
    return vi.spyOn(FDBObjectStore.prototype, name).mockImplementation(function (this: never, ...call: never[]) {
      if (++count === nth) {
        happened = true;
        throw new Error("killed");
      }
      return real.apply(this, call) as never;
    });
  });
  return { restore: () => spies.forEach((spy) => spy.mockRestore()), happened: () => happened };
}
