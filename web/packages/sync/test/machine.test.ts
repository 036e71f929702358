/**
 * A machine of random lives: record, undo, sync over a bad network, batches and answers in any order and more than
 * once, backup, restore, kill, second tab, eviction, clock. At the end the network is good and everything must be told.
 */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Batch, CommandsAnswer } from "@shouwang/store";
import type { Fault, Tab } from "./phone.ts";
import { CODE, MemoryLocks, NOON, Phone, PIN, record } from "./phone.ts";
import { TestServer } from "./server.ts";

const fault = fc.constantFrom<Fault>("ok", "ok", "no-request", "no-reply", "twice", "portal");
const at = fc.nat({ max: 5 });
const tab = fc.nat({ max: 1 });
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant("record" as const), tab, hold: fc.boolean(), note: fc.constantFrom("", "refuse-me", "照旧") }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("undo" as const), tab }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("release" as const), tab }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("sync" as const), tab, faults: fc.array(fault, { maxLength: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("both" as const), faults: fc.array(fault, { maxLength: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("take" as const), tab, most: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("deliver" as const), at }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant("apply" as const), tab, at }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("backup" as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("restore" as const), told: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("kill" as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("evict" as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("clock" as const), hours: fc.integer({ min: -40, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("revoke" as const) }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

class Life {
  readonly server: TestServer;
  readonly phone: Phone;
  time = NOON;
  /** Ids promised ("saved"), by device; undone and evicted ones taken out. */
  readonly promised = new Map<string, Set<string>>();
  readonly evicted = new Set<string>();
  #tabs: (Tab | null)[] = [null, null];
  #backup: ReturnType<TestServer["backup"]> | null = null;
  /** A request on its way, any time later; and answers on their way back. */
  readonly under: { batch: Batch; device: string; token: string }[] = [];
  readonly back: { batch: Batch; device: string; answer: CommandsAnswer }[] = [];
  revoked = false;

  constructor(server: TestServer, locks: boolean) {
    this.server = server;
    this.phone = new Phone(server);
    this.phone.locks = locks ? new MemoryLocks() : null;
    server.now = () => this.time;
  }

  async tab(number: number): Promise<Tab> {
    const open = this.#tabs[number] ?? (await this.phone.tab());
    this.#tabs[number] = open;
    if ((await open.store.state()).phase === "new") await open.engine.enrol(CODE, "机", PIN);
    if (open.store.token() === null) await open.store.unlock(PIN);
    return open;
  }

  async run(step: Operation): Promise<void> {
    this.time += 1000;
    switch (step.op) {
      case "record": {
        const { store } = await this.tab(step.tab);
        const { id } = await record(store, step.note, step.hold ? { hold: 8 } : {});
        this.#promisedBy((await store.state()).device!.device).add(id);
        return;
      }
      case "undo": {
        const { store } = await this.tab(step.tab);
        const held = await store.held();
        if (await store.undo()) this.#promisedBy((await store.state()).device!.device).delete(held!.id);
        return;
      }
      case "release":
        await (await this.tab(step.tab)).store.release();
        return;
      case "sync": {
        const open = await this.tab(step.tab);
        this.phone.faults = [...step.faults];
        await this.#sync(open);
        this.phone.faults = [];
        return;
      }
      case "both": {
        const [one, two] = [await this.tab(0), await this.tab(1)];
        this.phone.faults = [...step.faults];
        const device = (await one.store.state()).device!.device;
        const syncs = [this.#sync(one), this.#sync(two)];
        for (const { id } of await Promise.all([record(one.store), record(two.store)])) this.#promisedBy(device).add(id);
        await Promise.all(syncs);
        this.phone.faults = [];
        return;
      }
      case "take": {
        const { store } = await this.tab(step.tab);
        const batch = await store.batch(step.most);
        const device = (await store.state()).device!.device;
        if (batch !== null) this.under.push({ batch, device, token: store.token()! });
        return;
      }
      case "deliver": {
        const request = this.under[step.at];
        if (request === undefined) return;
        const headers = { Authorization: `Bearer ${request.token}`, "X-Shouwang-App": "3" };
        const url = "http://field.test/api/field/v1/commands";
        const reply = await this.server.fetch(url, { method: "POST", headers, body: JSON.stringify(request.batch.body) });
        if (reply.status === 200) this.back.push({ ...request, answer: (await reply.json()) as CommandsAnswer });
        return;
      }
      case "apply": {
        const reply = this.back[step.at];
        const { store } = await this.tab(step.tab);
        if (reply !== undefined && (await store.state()).device!.device === reply.device) {
          await store.applyReceipts(reply.batch, reply.answer);
        }
        return;
      }
      case "backup":
        this.#backup = this.server.backup();
        return;
      case "restore": {
        // A phone enrolled since is not in the backup; that is told as unknown-device and has its own test.
        const backup = this.#backup;
        if (backup === null || [...this.server.tables.devices.keys()].some((id) => !backup.devices.has(id))) return;
        for (const [id, device] of this.server.tables.devices) backup.devices.set(id, device);
        if (step.told) this.server.restore(backup);
        else this.server.restoreByOtherMeans(backup);
        return;
      }
      case "kill":
        this.phone.kill();
        this.#tabs = [null, null];
        return;
      case "evict":
        return this.#evict();
      case "clock":
        this.phone.offset = step.hours * 3_600_000;
        return;
      case "revoke":
        for (const device of this.server.tables.devices.values()) device.revoked = true;
        this.revoked = true;
    }
  }

  /** Everything unsent goes, and the next opening names it. */
  async #evict(): Promise<void> {
    const { store } = await this.tab(0);
    const device = (await store.state()).device!.device;
    const here = await store.entries(undefined, 100_000);
    const held = await store.held();
    const known = new Set(here.map(({ id }) => id));
    const unsent = here.filter(({ state }) => state === "waiting" || state === "aside").map(({ seq }) => seq);
    if (held !== null) unsent.push((await store.db.get("seq"))!);
    this.phone.evict();
    this.#tabs = [null, null];
    this.under.length = 0;
    for (const id of [...known, ...(held === null ? [] : [held.id])]) {
      this.#promisedBy(device).delete(id);
      this.evicted.add(id);
    }
    const again = await this.phone.tab(null);
    const loss = (await again.store.state()).losses.at(-1);
    expect(loss?.kind).toBe("database-lost");
    expect(loss?.device).toBe(device);
    for (const seq of unsent) {
      expect(loss?.unsent?.[0]).toBeLessThanOrEqual(seq);
      expect(loss?.unsent?.[1]).toBeGreaterThanOrEqual(seq);
    }
    again.store.close();
  }

  async #sync({ engine }: Tab): Promise<void> {
    engine.wake();
    await engine.sync();
  }

  /** A good network, the right time, as often as it takes. */
  async settle(): Promise<Tab> {
    this.phone.kill();
    this.#tabs = [null, null];
    this.phone.offset = 0;
    const tab = await this.tab(0);
    await tab.store.release();
    for (let round = 0; round < 4; round++) {
      this.time += 700_000;
      await this.#sync(tab);
    }
    return tab;
  }

  #promisedBy(device: string): Set<string> {
    const set = this.promised.get(device) ?? new Set<string>();
    this.promised.set(device, set);
    return set;
  }
}

async function live(steps: Operation[], locks: boolean): Promise<void> {
  const life = new Life(await new TestServer(() => NOON).begin(), locks);
  await life.tab(0);
  for (const step of steps) await life.run(step);
  const { store } = await life.settle();
  const [state, counts] = [await store.state(), await store.outbox()];
  const device = state.device!.device;
  const here = await store.entries(undefined, 100_000);
  // Nothing unsent is left over or lost.
  expect(counts.unsent).toBe(0);
  const stored = life.server.facts(device);
  for (const id of life.promised.get(device) ?? []) expect(stored.has(id)).toBe(true);
  // What the phone believes acknowledged is stored with that very hash, once; nothing readable was unreadable.
  for (const entry of here) {
    const item = life.server.tables.items.get(entry.id);
    expect([item?.hash, item?.receipt.status]).toEqual([entry.hash, entry.state]);
    expect(entry.server_seq).toBe(item?.receipt.server_seq);
  }
  expect(life.server.tables.conflicts).toEqual([]);
  const items = [...life.server.tables.items.values()].filter((item) => item.device === device);
  expect(items.filter(({ receipt }) => receipt.code === "unreadable")).toEqual([]);
  expect(new Set(items.map(({ seq }) => seq)).size).toBe(items.length);
  // No gap in the device's sequence on either side; the epoch is the server's.
  const seqs = items.map(({ seq }) => seq).sort((a, b) => a - b);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  expect(state.unfillable).toEqual([]);
  expect((await store.db.get("epoch"))?.current).toBe(life.server.epoch);
  expect(state.revoked).toBe(life.server.tables.devices.get(device)!.revoked);
  if (!state.revoked) expect(await store.document("me")).not.toBeNull();
  life.phone.kill();
}

// The same runs each time, others when so many are asked for: what decides about a landing is not left to chance.
const asked = process.env.FIELD_MACHINE_RUNS;
const params = asked ? { numRuns: Number(asked) } : { numRuns: 60, seed: 20_200_201 };
const steps = fc.array(operation, { minLength: 5, maxLength: 40 });

describe("whatever happens to phone, network and server", () => {
  it.each([
    ["locks", true],
    ["a lease row", false],
  ])("nothing is lost, nothing doubled (one tab sends by %s)", async (_name, locks) => {
    await fc.assert(fc.asyncProperty(steps, (list) => live(list, locks)), params);
  }, 3_600_000);
});
