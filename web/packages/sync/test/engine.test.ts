import { describe, expect, it, vi } from "vitest";
import type { Store } from "@shouwang/store";
import { StoreError } from "@shouwang/store";
import { Backoff, Engine } from "../src/index.ts";
import { CODE, MemoryLocks, NOON, PATIENCE, Phone, PIN, record } from "./phone.ts";
import { TestServer } from "./server.ts";

async function enrolled(locks = true) {
  const life = { time: NOON };
  const server = await new TestServer(() => life.time).begin();
  const phone = new Phone(server);
  if (!locks) phone.locks = null;
  const tab = await phone.tab();
  await tab.engine.enrol(CODE, "王医生的手机", PIN);
  return { life, server, phone, ...tab };
}

/** Answers instead of the server, one each, then the server again. */
function instead(phone: Phone, ...answers: (Response | Error)[]) {
  const asked: string[] = [];
  const real = phone.server.fetch;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    asked.push(String(input).replace(/.*\/v1\//, ""));
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? real(input as string, init);
  };
  return { fetch, asked };
}
const no = (status: number, code: string, headers = {}) => new Response(JSON.stringify({ code }), { status, headers });

function engineOf(phone: Phone, store: Store, fetch: typeof globalThis.fetch) {
  const idle = { setTimeout: () => 0, clearTimeout: () => undefined };
  return new Engine({ store, base: "http://field.test", app: 3, fetch, clock: phone.now, chance: () => 0, locks: phone.locks, ...idle });
}

describe("enrolling", () => {
  it("tells what was wrong, and nothing is half done", async () => {
    const server = await new TestServer(() => NOON).begin();
    const phone = new Phone(server);
    const { engine, store } = await phone.tab();
    await expect(engine.enrol("WRONG", "x", PIN)).rejects.toMatchObject({ code: "enrol-code-wrong" });
    await expect(engine.enrol(CODE, "x", "123")).rejects.toMatchObject({ code: "pin-too-short" });
    phone.faults = ["no-request"];
    await expect(engine.enrol(CODE, "x", PIN)).rejects.toMatchObject({ code: "offline" });
    phone.faults = ["portal"];
    await expect(engine.enrol(CODE, "x", PIN)).rejects.toMatchObject({ code: "not-the-server" });
    expect((await store.state()).phase).toBe("new");
    expect(await engine.sync()).toBe("not-enrolled");
  });

  it("again after the server forgot this phone, as the same device, brings everything over", async () => {
    const { server, store, engine, life } = await enrolled();
    await record(store);
    server.tables.devices.clear();
    expect(await engine.sync()).toBe("unknown-device");
    expect(engine.status()).toMatchObject({ state: "unknown-device", code: "device-unknown" });
    life.time += 1_000_000;
    await engine.enrol(CODE, "x", PIN);
    expect(await engine.sync()).toBe("done");
    expect([server.facts("device-1").size, (await store.outbox()).unsent]).toEqual([1, 0]);
  });
});

describe("a fault", () => {
  it("a reply that was lost costs nothing", async () => {
    const { server, phone, store, engine, life } = await enrolled();
    await record(store);
    phone.faults = ["no-reply"];
    expect(await engine.push()).toBe("offline");
    expect((await store.outbox()).unsent).toBe(1);
    life.time += 10_000;
    expect(await engine.push()).toBe("done");
    expect([server.facts().size, (await store.outbox()).done]).toEqual([1, 1]);
  });

  it("503: waits as long as asked, then twice as long, up to two minutes; being on line again does not shorten it", async () => {
    const { server, store, engine, life } = await enrolled();
    await record(store);
    server.busyFor = 20;
    const waits: number[] = [];
    for (let at = 0; at < 8; at++) {
      expect(await engine.push()).toBe("waiting");
      waits.push((engine.status().until! - life.time) / 1000);
      engine.wake();
      const { requests } = server;
      expect(await engine.push()).toBe("waiting");
      expect(server.requests).toBe(requests);
      life.time = engine.status().until!;
    }
    expect(waits).toEqual([20, 40, 80, 120, 120, 120, 120, 120]);
    expect(engine.status()).toMatchObject({ state: "waiting", code: "busy" });
    server.busyFor = null;
    expect(await engine.push()).toBe("done");
    expect(engine.status()).toEqual({ state: "idle", until: null, code: "" });
  });

  it("no network: tries later, or at once when something changes", async () => {
    const { phone, store, engine, life } = await enrolled();
    await record(store);
    phone.faults = ["no-request", "no-request"];
    expect(await engine.sync()).toBe("offline");
    expect(engine.status().until).toBe(life.time + 2000);
    expect(await engine.sync()).toBe("offline");
    expect(phone.faults.length).toBe(1);
    engine.wake();
    expect(await engine.sync()).toBe("offline");
    expect(engine.status().until).toBe(life.time + 4000);
    engine.wake();
    expect(await engine.sync()).toBe("done");
  });

  it("never all phones at once: the wait is spread, and never shorter than asked", () => {
    const spread = new Set<number>();
    for (let at = 0; at < 10; at++) {
      const wait = new Backoff(() => at / 10).next(30);
      expect(wait).toBeGreaterThanOrEqual(30_000);
      expect(wait).toBeLessThanOrEqual(37_500);
      spread.add(wait);
    }
    expect(spread.size).toBe(10);
  });

  it("waits ten minutes at most where nothing answers, two where a busy server does, and as long as one asks", () => {
    const silent = new Backoff(() => 0);
    const busy = new Backoff(() => 0);
    const waits = Array.from({ length: 12 }, () => [silent.next(null), busy.next(20)]);
    expect(waits.at(-1)).toEqual([600_000, 120_000]);
    expect(waits.map(([, asked]) => asked).slice(0, 4)).toEqual([20_000, 40_000, 80_000, 120_000]);
    expect(busy.next(300)).toBe(300_000);
  });

  it("a page of the hotel's network is no answer", async () => {
    const { phone, store, engine } = await enrolled();
    await record(store);
    phone.faults = ["portal"];
    expect(await engine.push()).toBe("offline");
    expect((await store.outbox()).unsent).toBe(1);
  });

  it.each([
    [426, "app-too-old", "update-needed"],
    [401, "device-unknown", "unknown-device"],
    [500, "error", "waiting"],
    [422, "something-new", "waiting"],
  ])("%i %s is told as %s and loses nothing", async (status, code, state) => {
    const { phone, store } = await enrolled();
    await record(store);
    const { fetch } = instead(phone, no(status, code));
    const engine = engineOf(phone, store, fetch);
    expect(await engine.sync()).toBe(state);
    expect(engine.status()).toMatchObject({ state, code });
    expect((await store.outbox()).unsent).toBe(1);
    expect(await store.document("me")).not.toBeNull();
  });

  it("a release too old is told by the state too", async () => {
    const { server, engine } = await enrolled();
    server.oldestApp = 4;
    expect(await engine.check()).toBe("update-needed");
  });
});

describe("a disk that fails", () => {
  it("in the middle of an answer: nothing is half kept, it is told, and it is asked again", async () => {
    const { server, store, engine, life } = await enrolled();
    await record(store);
    const apply = vi.spyOn(store, "applyReceipts").mockRejectedValueOnce(new StoreError("storage-full"));
    expect(await engine.sync()).toBe("waiting");
    expect(engine.status()).toMatchObject({ state: "waiting", code: "storage-full" });
    expect((await store.outbox()).unsent).toBe(1);
    life.time = engine.status().until!;
    expect(await engine.sync()).toBe("done");
    expect([server.facts().size, (await store.outbox()).unsent, apply.mock.calls.length]).toEqual([1, 0, 2]);
  });
});

describe("a command that cannot be read", () => {
  it("holds up nobody: it is set aside once others got through, and is never counted as sent", async () => {
    const { phone, store } = await enrolled();
    for (let at = 0; at < 7; at++) await record(store);
    const bad = (await store.entries())[3]!.id;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (typeof init?.body === "string" && init.body.includes(bad)) return no(400, "batch-unreadable");
      return phone.server.fetch(input as string, init);
    };
    const engine = engineOf(phone, store, fetch);
    expect(await engine.push()).toBe("done");
    expect(await store.outbox()).toMatchObject({ done: 6, aside: 1, unsent: 1, to_see: 1 });
    expect((await store.entries(["aside"]))[0]).toMatchObject({ id: bad, code: "batch-unreadable" });
    expect(await store.offerAgain(bad)).toBe(true);
    const better = engineOf(phone, store, phone.fetch);
    expect(await better.push()).toBe("done");
    expect(phone.server.facts().size).toBe(7);
  });

  it("if it is all of them, it is not the commands' fault: everything waits", async () => {
    const { phone, store } = await enrolled();
    for (let at = 0; at < 25; at++) await record(store);
    let asked = 0;
    const engine = engineOf(phone, store, async () => {
      asked++;
      return no(400, "batch-unreadable");
    });
    expect(await engine.push()).toBe("waiting");
    expect(asked).toBeLessThan(30);
    expect(await store.outbox()).toMatchObject({ waiting: 25, aside: 0 });
    expect(engine.status()).toMatchObject({ state: "waiting", code: "batch-unreadable" });
  });

  it("a batch too large is halved until it fits", async () => {
    const { server, phone, store } = await enrolled();
    for (let at = 0; at < 90; at++) await record(store);
    const sizes: number[] = [];
    const engine = engineOf(phone, store, async (input, init) => {
      const { commands } = JSON.parse(init!.body as string) as { commands: unknown[] };
      sizes.push(commands.length);
      return commands.length > 30 ? no(413, "batch-too-large") : server.fetch(input as string, init);
    });
    expect(await engine.push()).toBe("done");
    expect([server.facts().size, sizes[0], sizes[1], sizes[2]]).toEqual([90, 90, 45, 22]);
  });
});

describe("two tabs", () => {
  it.each([
    ["locks", true],
    ["a lease row", false],
  ])("one sends, the other waits (%s); both see what was sent", async (_name, locks) => {
    const { server, phone, store, engine } = await enrolled(locks);
    const other = await phone.tab();
    for (let at = 0; at < 3; at++) await record(store);
    const before = server.requests;
    const outcomes = await Promise.all([engine.push(), other.engine.push()]);
    expect(outcomes.sort()).toEqual(["done", "elsewhere"]);
    expect(server.requests - before).toBe(1);
    expect((await other.store.outbox()).done).toBe(3);
    expect(await other.engine.push()).toBe("nothing");
  });

  it("a tab that died with the lease is waited for a minute, not for ever", async () => {
    const { phone, store, engine, life } = await enrolled(false);
    await store.db.set("lease", { owner: "somebody", until: life.time + 60_000 });
    await record(store);
    expect(await engine.push()).toBe("elsewhere");
    life.time += 60_000;
    expect(await engine.push()).toBe("done");
    await store.db.set("lease", { owner: "somebody", until: life.time + 60_000 });
    phone.offset = -48 * 3_600_000;
    await record(store);
    expect(await engine.push()).toBe("done");
  });
});

describe("a revoked phone", () => {
  it("deletes its list, keeps its outbox, and still hands over what it holds", async () => {
    const { server, store, engine } = await enrolled();
    await record(store);
    for (const device of server.tables.devices.values()) device.revoked = true;
    expect(await engine.sync()).toBe("revoked");
    expect(engine.status()).toMatchObject({ state: "revoked", code: "device-revoked" });
    expect(await store.state()).toMatchObject({ revoked: true, list: "expired" });
    expect(await store.db.docs.count()).toBe(0);
    expect(await store.outbox()).toMatchObject({ unsent: 0, quarantined: 1, to_see: 1 });
    await record(store);
    expect(await engine.sync()).toBe("revoked");
    expect((await store.outbox()).quarantined).toBe(2);
  });
});

describe("a locked phone", () => {
  it("sends nothing before the PIN, and everything after it", async () => {
    const { server, phone, store } = await enrolled();
    await record(store);
    phone.kill();
    const { store: again, engine } = await phone.tab(null);
    expect(await engine.sync()).toBe("locked");
    expect((await again.outbox()).unsent).toBe(1);
    await again.unlock(PIN);
    expect(await engine.sync()).toBe("done");
    expect(server.facts().size).toBe(1);
  });
});

describe("the list", () => {
  it("brings the difference only, and again after a lost answer", async () => {
    const { server, phone, store, engine, life } = await enrolled();
    server.docs.set("file/1", { name: "甲" });
    phone.faults = ["ok", "no-reply"];
    expect(await engine.sync()).toBe("offline");
    life.time += 10_000;
    expect(await engine.sync()).toBe("done");
    server.docs.delete("file/1");
    server.docs.set("file/2", { name: "乙" });
    await engine.sync();
    expect(await store.documents("file/")).toEqual([{ key: "file/2", doc: { name: "乙" } }]);
  });

  it("a shift is renewed while there is a network, when half of it is over; an ended one begins anew", async () => {
    const { store, engine, life } = await enrolled();
    const first = (await store.db.get("shift"))!.share;
    life.time += 5 * 3_600_000;
    await engine.sync();
    expect((await store.db.get("shift"))!.share).toBe(first);
    life.time += 2 * 3_600_000;
    await engine.sync();
    const second = (await store.db.get("shift"))!.share;
    expect(second).not.toBe(first);
    life.time += 13 * 3_600_000;
    expect((await store.state()).list).toBe("expired");
    await engine.sync();
    expect((await store.state()).list).toBe("fresh");
    expect(await store.document("me")).not.toBeNull();
  });

  it("after a restore is asked for whole; one restore is one new epoch", async () => {
    const { server, store, engine } = await enrolled();
    const backup = server.backup();
    for (let at = 0; at < 5; at++) await record(store);
    await engine.sync();
    server.restoreByOtherMeans(backup);
    await record(store);
    await engine.sync();
    await engine.sync();
    expect(server.epoch).toBe("epoch-2");
    expect(server.facts().size).toBe(6);
    server.restore(backup);
    await engine.sync();
    await engine.sync();
    expect([server.epoch, server.facts().size]).toEqual(["epoch-3", 6]);
    expect((await store.db.get("epoch"))?.current).toBe("epoch-3");
  });
});

describe("left running", () => {
  it("sends what is saved by itself, pulls now and then, and stops when told", async () => {
    const { server, phone, store } = await enrolled();
    const timers: { work: () => void; ms: number }[] = [];
    const setTimeout = (work: () => void, ms: number) => timers.push({ work, ms });
    const engine = new Engine({ store, base: "http://field.test", app: 3, fetch: phone.fetch, clock: phone.now, chance: () => 0, locks: new MemoryLocks(), setTimeout, clearTimeout: () => undefined });
    const states: string[] = [];
    const stop = engine.watch(({ state }) => states.push(state));
    engine.start();
    await record(store);
    timers.shift()!.work();
    await vi.waitFor(() => expect(timers.some(({ ms }) => ms === 60_000)).toBe(true), PATIENCE);
    expect(server.facts().size).toBe(1);
    expect(states).toContain("sending");
    expect(states.at(-1)).toBe("idle");
    engine.stop();
    stop();
    const before = timers.length;
    engine.wake();
    expect(timers.length).toBe(before);
  });
});
