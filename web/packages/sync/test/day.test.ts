import { describe, expect, it } from "vitest";
import { CODE, NOON, Phone, PIN, record } from "./phone.ts";
import { TestServer } from "./server.ts";

async function enrolled() {
  const server = await new TestServer(() => NOON).begin();
  const phone = new Phone(server);
  const tab = await phone.tab();
  await tab.engine.enrol(CODE, "王医生的手机", PIN);
  return { server, phone, ...tab };
}

describe("a day with a phone", () => {
  it("is enrolled, gets its list, sends what was done, and everything is there once", async () => {
    const { server, store, engine } = await enrolled();
    expect((await store.state()).list).toBe("fresh");
    expect(await store.document("me")).toEqual({ field: { pin_tries: 5, undo_seconds: 8 } });
    for (let at = 0; at < 130; at++) await record(store, `第${at}次`);
    expect((await store.outbox()).unsent).toBe(130);
    expect(await engine.sync()).toBe("done");
    const counts = await store.outbox();
    expect([counts.unsent, counts.done]).toEqual([0, 130]);
    expect(server.facts().size).toBe(130);
    expect([...server.tables.items.values()].every(({ receipt }) => receipt.status === "done")).toBe(true);
    expect(server.tables.seqs.get("device-1")?.size).toBe(130);
  });

  it("keeps what was done until a backup holds it, and not longer", async () => {
    const { server, store, engine } = await enrolled();
    await record(store);
    await engine.sync();
    expect((await store.entries()).length).toBe(1);
    server.backup();
    await engine.sync();
    expect((await store.entries()).length).toBe(0);
  });

  it("offers again after a restore what the backup does not hold", async () => {
    const { server, store, engine } = await enrolled();
    await record(store);
    await engine.sync();
    const backup = server.backup();
    const second = await record(store);
    await engine.sync();
    server.restore(backup);
    expect(server.facts().has(second.id)).toBe(false);
    await engine.sync();
    expect(server.facts().has(second.id)).toBe(true);
    expect(server.facts().size).toBe(2);
  });
});
