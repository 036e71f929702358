/**
 * Telephones driven by JSON lines: one operation a line on stdin, one answer a line on stdout (README.md). It is the
 * client as it runs in the browser; only the database's disk and the clock are stood in for.
 */

import { createInterface } from "node:readline";
import type { Entry, Kind, Payloads } from "@shouwang/store";
import { StoreError } from "@shouwang/store";
import type { Fault } from "./phone.ts";
import { Phone } from "./phone.ts";

interface Line {
  op: string;
  phone?: string;
  tab?: number;
  [more: string]: unknown;
}

const phones = new Map<string, Phone>();
const defaults = { base: process.argv[2] ?? "", app: 3, pinRounds: 1000, locks: true };

function phoneOf(line: Line): Phone {
  const name = line.phone ?? "phone";
  let phone = phones.get(name);
  if (phone === undefined) {
    phone = new Phone({
      base: String(line.base ?? defaults.base),
      app: Number(line.app ?? defaults.app),
      pinRounds: Number(line.pin_rounds ?? defaults.pinRounds),
      locks: line.locks !== false,
    });
    phones.set(name, phone);
  }
  return phone;
}

type Operation = (phone: Phone, line: Line) => Promise<unknown>;

const open = async (phone: Phone, line: Line) => {
  const tab = line.force === false ? await phone.tab(line.tab ?? 0) : await phone.impatient(line.tab ?? 0);
  if (phone.pin !== null && tab.store.token() === null && line.pin === undefined) {
    if ((await tab.store.state()).phase === "locked") await tab.store.unlock(phone.pin);
  }
  return tab;
};

const operations: Record<string, Operation> = {
  phone: async (phone) => phone.options,
  enrol: async (phone, line) => {
    const { engine, store } = await open(phone, line);
    await engine.enrol(String(line.code), String(line.name ?? "harness"), String(line.pin ?? "271828"));
    phone.pin = String(line.pin ?? "271828");
    return (await store.state()).device;
  },
  unlock: async (phone, line) => {
    const { store } = await phone.tab(line.tab ?? 0);
    await store.unlock(String(line.pin));
    phone.pin = String(line.pin);
    return store.state();
  },
  lock: async (phone, line) => {
    (await phone.tab(line.tab ?? 0)).store.lock();
    phone.pin = null;
  },
  record: async (phone, line) => {
    const { store } = await open(phone, line);
    const occurred = line.occurred_at === undefined ? {} : { occurredAt: new Date(String(line.occurred_at)) };
    return store.record(line.kind as Kind, line.payload as Payloads[Kind], {
      ...occurred,
      zone: String(line.zone ?? "Asia/Shanghai"),
      revision: (line.revision as string | null | undefined) ?? null,
      hold: Number(line.hold ?? 0),
      ...(line.id === undefined ? {} : { id: String(line.id) }),
      ...(line.mark === undefined ? {} : { mark: line.mark as never }),
    });
  },
  undo: async (phone, line) => (await open(phone, line)).store.undo(line.id as string | undefined),
  release: async (phone, line) => (await open(phone, line)).store.release(),
  offer_again: async (phone, line) => (await open(phone, line)).store.offerAgain(String(line.id)),
  see: async (phone, line) => (await open(phone, line)).store.see(String(line.id)),
  sync: async (phone, line) => (await open(phone, line)).engine.sync(),
  push: async (phone, line) => (await open(phone, line)).engine.push(),
  pull: async (phone, line) => (await open(phone, line)).engine.pull(),
  check: async (phone, line) => (await open(phone, line)).engine.check(),
  shift: async (phone, line) => (await open(phone, line)).engine.shift(),
  kill: async (phone) => phone.kill(),
  tab: async (phone, line) => void (await open(phone, { ...line, tab: line.tab ?? 1 })),
  evict: async (phone, line) => phone.evict(line.flags === true),
  clock: async (phone, line) => {
    if (line.offset_ms !== undefined) phone.offset = Number(line.offset_ms);
    if (line.advance_ms !== undefined) phone.offset += Number(line.advance_ms);
    if (line.at !== undefined) phone.frozen = line.at === null ? null : Date.parse(String(line.at));
    return new Date(phone.now()).toISOString();
  },
  fault: async (phone, line) => void (phone.faults = line.faults as Fault[]),
  deliver: async (phone, line) => phone.deliver((line.order as number[] | undefined) ?? null),
  dump,
};

async function dump(phone: Phone, line: Line): Promise<unknown> {
  const { store, engine } = await open(phone, { ...line, force: false });
  const entry = ({ sealed, ...rest }: Entry) => ({ ...rest, kept: sealed !== null });
  return {
    now: new Date(phone.now()).toISOString(),
    state: await store.state(),
    outbox: await store.outbox(),
    entries: (await store.entries(undefined, 100_000)).map(entry),
    held: await store.held(),
    docs: Object.fromEntries((await store.documents("")).map(({ key, doc }) => [key, doc])),
    marks: await store.marks(""),
    status: engine.status(),
    flags: Object.fromEntries(phone.flags),
    requests: phone.requests,
    late: phone.late.length,
  };
}

async function answer(text: string): Promise<object> {
  let line: Line | null = null;
  try {
    line = JSON.parse(text) as Line;
    const operation = operations[line.op];
    if (operation === undefined) return { ok: false, op: line.op, code: "operation-unknown" };
    const phone = phoneOf(line);
    return { ok: true, op: line.op, result: (await phone.outliving(operation(phone, line))) ?? null };
  } catch (error) {
    const [code, params] = error instanceof StoreError ? [error.code, error.params] : ["error", {}];
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ok: false, op: line?.op ?? null, code, params, message: code === "error" ? message : "" };
  }
}

process.on("unhandledRejection", (reason) => console.error("unhandled:", reason));

for await (const text of createInterface({ input: process.stdin })) {
  if (text.trim() !== "") process.stdout.write(`${JSON.stringify(await answer(text))}\n`);
}
process.exit(0);
