import { expect, it, vi } from "vitest";
import { Engine } from "../src/index.ts";
import { CODE, NOON, PATIENCE, Phone, PIN } from "./phone.ts";
import { TestServer } from "./server.ts";

it("woken in the middle of a round, the next one begins at once and not an hour's turn later", async () => {
  const server = await new TestServer(() => NOON).begin();
  const phone = new Phone(server);
  const { engine: first, store } = await phone.tab();
  await first.enrol(CODE, "王医生的手机", PIN);
  const timers = new Map<number, { work: () => void; ms: number }>();
  let next = 0;
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  const engine = new Engine({
    store,
    base: "http://field.test",
    app: 3,
    clock: phone.now,
    locks: phone.locks,
    chance: () => 0,
    fetch: async (input, init) => {
      await held;
      return phone.server.fetch(input as string, init);
    },
    setTimeout: (work, ms) => {
      timers.set(++next, { work, ms });
      return next;
    },
    clearTimeout: (timer) => void timers.delete(timer as number),
  });
  const due = (): void => {
    for (const [id, { work, ms }] of [...timers]) {
      if (ms > 0) continue;
      timers.delete(id);
      work();
    }
  };
  engine.start();
  due();
  engine.wake();
  due();
  goOn();
  await vi.waitFor(() => expect(engine.status().state).toBe("idle"), PATIENCE);
  const rounds = (): number[] => [...timers.values()].map(({ ms }) => ms).filter((ms) => ms !== 30_000);
  await vi.waitFor(() => expect(rounds()).toEqual([0]), PATIENCE);
  engine.stop();
});
