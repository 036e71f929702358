/** The sync engine: what was done goes up, what must be known comes down, whatever the network does meanwhile. */

import type { Store } from "@shouwang/store";
import { StoreError } from "@shouwang/store";
import { Backoff } from "./backoff.ts";
import type { Status, SyncState } from "./status.ts";
import { IDLE } from "./status.ts";
import type { LocksLike } from "./turn.ts";
import { Turn } from "./turn.ts";
import type { Reply } from "./wire.ts";
import { Wire } from "./wire.ts";

export interface EngineOptions {
  store: Store;
  /** Site without a slash at the end; "" is this one. */
  base?: string;
  /** Release of the app (sync.md §6). */
  app: number;
  fetch?: typeof fetch;
  clock?: () => number;
  /** 0 ≤ x < 1, for jitter. */
  chance?: () => number;
  /** null: no locks here, the lease row is used. */
  locks?: LocksLike | null;
  setTimeout?: (work: () => void, ms: number) => unknown;
  clearTimeout?: (timer: never) => void;
  timeoutMs?: number;
}

/** What one go brought. `elsewhere`: another tab is at it. */
export type Outcome = "done" | "nothing" | "elsewhere" | SyncState;

const MOST = 100;
const EVERY = 60_000;
const LATER = 600_000;

export class Engine {
  readonly #store: Store;
  readonly #app: number;
  readonly #wire: Wire;
  readonly #turn: Turn;
  readonly #backoff: Backoff;
  readonly #clock: () => number;
  readonly #setTimeout: (work: () => void, ms: number) => unknown;
  readonly #clearTimeout: (timer: never) => void;
  /** Commands the server could not read, with its code, until it is known whether they or something else is at fault. */
  readonly #unreadable = new Map<string, string>();
  readonly #listeners = new Set<(status: Status) => void>();
  #status: Status = IDLE;
  /** No request before this instant: the server asked for it, or the last one failed. */
  #notBefore = 0;
  /** The server itself asked; being on line again does not shorten that. */
  #asked = false;
  #pullAfter = EVERY;
  #timer: unknown = null;
  #running: Promise<Outcome> | null = null;
  #again = false;
  #inRound = false;
  #stopped = true;
  #unwatch: () => void = () => undefined;
  /** A newer release of the app is out. */
  newestApp: number;

  constructor(options: EngineOptions) {
    this.#store = options.store;
    this.#app = options.app;
    this.newestApp = options.app;
    this.#clock = options.clock ?? Date.now;
    this.#setTimeout = options.setTimeout ?? ((work, ms) => globalThis.setTimeout(work, ms));
    this.#clearTimeout = options.clearTimeout ?? ((timer) => globalThis.clearTimeout(timer));
    this.#backoff = new Backoff(options.chance ?? Math.random);
    const browser = globalThis as { navigator?: { locks?: LocksLike } };
    const locks = options.locks === undefined ? (browser.navigator?.locks ?? null) : options.locks;
    this.#turn = new Turn(this.#store, locks, this.#clock);
    this.#wire = new Wire({
      base: options.base ?? "",
      app: options.app,
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timeoutMs: options.timeoutMs ?? 30_000,
      setTimeout: this.#setTimeout,
      clearTimeout: this.#clearTimeout,
    });
  }

  status(): Status {
    return this.#status;
  }

  /** `tell` is called at once and at every change; returns how to stop. */
  watch(tell: (status: Status) => void): () => void {
    this.#listeners.add(tell);
    tell(this.#status);
    return () => this.#listeners.delete(tell);
  }

  /**
   * Makes this phone a device, then begins a shift and pulls the list. Throws StoreError with the server's code
   * (`enrol-code-wrong`, `enrol-too-often`), `offline`, or `pin-too-short`.
   */
  async enrol(code: string, name: string, pin: string): Promise<void> {
    if (!/^\d{6,12}$/.test(pin)) throw new StoreError("pin-too-short");
    const before = (await this.#store.state()).device;
    if (before !== null) await this.push();
    const body = { code, name, app: this.#app };
    const reply = await this.#wire.enrol(before === null ? body : { ...body, device: before.device });
    if (reply.kind !== "answer") throw refusal(reply);
    await this.#store.adopt(reply.body, name, pin);
    this.#clear();
    if ((await this.shift()) === "done") await this.pull();
  }

  /** Asks for a fresh share. */
  async shift(): Promise<Outcome> {
    const token = this.#store.token();
    if (token === null) return this.#say(await this.#without());
    const reply = await this.#wire.shift(token);
    if (reply.kind !== "answer") return this.#fault(reply);
    await this.#store.adoptShift(reply.body);
    this.#fine();
    return "done";
  }

  /** Sends everything that waits, a hundred at a time. */
  push(): Promise<Outcome> {
    return this.#inTurn((keep) => this.#push(keep));
  }

  /** Brings the list up to date, beginning a shift if there is none. */
  pull(): Promise<Outcome> {
    return this.#inTurn((keep) => this.#pull(keep));
  }

  /** Asks how things stand: epoch, gaps, backups, revocation, releases. */
  check(): Promise<Outcome> {
    return this.#inTurn((keep) => this.#check(keep));
  }

  /** Up, then down. Never two at once in one tab; a second call during the first runs once more after it. */
  sync(): Promise<Outcome> {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#inTurn(async (keep) => {
      const pushed = await this.#push(keep);
      if (pushed !== "done" && pushed !== "nothing") return pushed;
      const checked = pushed === "nothing" ? await this.#check(keep) : "done";
      if (checked !== "done") return checked;
      if ((await this.#store.outbox()).waiting > 0) await this.#push(keep);
      return this.#pull(keep);
    }).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Syncs now and from now on: when something waits, when the network is back, and every minute. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    let waiting = 0;
    const unwatch = this.#store.watchOutbox((counts) => {
      if (counts.waiting > waiting) this.wake();
      waiting = counts.waiting;
    });
    const online = (): void => this.wake();
    const shown = (): void => {
      if (globalThis.document?.visibilityState === "visible") this.wake();
    };
    globalThis.addEventListener?.("online", online);
    globalThis.document?.addEventListener("visibilitychange", shown);
    this.#unwatch = () => {
      unwatch();
      globalThis.removeEventListener?.("online", online);
      globalThis.document?.removeEventListener("visibilitychange", shown);
    };
    this.wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#unwatch();
    if (this.#timer !== null) this.#clearTimeout(this.#timer as never);
    this.#timer = null;
  }

  /** Something changed (a save, the network, the PIN): try now, unless the server asked to wait. */
  wake(): void {
    if (!this.#asked) this.#notBefore = 0;
    if (!this.#stopped) this.#later(Math.max(0, this.#notBefore - this.#clock()));
  }

  #later(ms: number): void {
    if (this.#timer !== null) this.#clearTimeout(this.#timer as never);
    this.#timer = this.#setTimeout(() => {
      this.#timer = null;
      void this.#round();
    }, ms);
  }

  /** One round at a time: a second one would put its own hour in the place of "at once again". */
  async #round(): Promise<void> {
    if (this.#inRound) {
      this.#again = true;
      return;
    }
    this.#inRound = true;
    try {
      await this.sync();
    } finally {
      this.#inRound = false;
    }
    if (this.#stopped) return;
    const again = this.#again && this.#notBefore === 0;
    this.#again = false;
    const wait = this.#notBefore - this.#clock();
    this.#later(again ? 0 : wait > 0 ? wait : this.#pullAfter);
  }

  async #inTurn(work: (keep: () => Promise<boolean>) => Promise<Outcome>): Promise<Outcome> {
    if (this.#store.token() === null) return this.#say(await this.#without());
    if (this.#notBefore > this.#clock()) return this.#status.state;
    try {
      return (await this.#turn.take(work)) ?? "elsewhere";
    } catch (error) {
      // The disk is full or broken: what was to be sent is still there, what was to be kept was not half kept.
      return this.#wait(null, error instanceof StoreError ? error.code : "fault", false);
    }
  }

  async #push(keep: () => Promise<boolean>): Promise<Outcome> {
    const sent = new Set<string>();
    let most = MOST;
    for (;;) {
      const token = this.#store.token();
      if (token === null) return this.#say(await this.#without());
      if (!(await keep())) return "elsewhere";
      const batch = await this.#store.batch(most, new Set(this.#unreadable.keys()));
      if (batch === null) return this.#pushed(sent);
      if (batch.ids.every((id) => sent.has(id))) return this.#wait(null, "not-settled", false);
      this.#say("sending");
      const reply = await this.#wire.commands(token, batch.body);
      if (reply.kind === "refused" && (reply.status === 413 || reply.status === 400)) {
        most = Math.max(1, Math.floor(batch.ids.length / 2));
        if (batch.ids.length > 1) continue;
        this.#unreadable.set(batch.ids[0]!, reply.code);
        if (sent.size === 0 && this.#unreadable.size % 10 === 0) return this.#wait(null, reply.code, false);
        continue;
      }
      if (reply.kind !== "answer") return this.#fault(reply);
      for (const id of batch.ids) sent.add(id);
      const applied = await this.#store.applyReceipts(batch, reply.body);
      this.#pullAfter = Math.min(LATER, Math.max(5, reply.body.pull_after || 60) * 1000);
      this.#fine();
      if (applied.epochChanged) sent.clear();
      most = Math.min(MOST, most * 2);
    }
  }

  /**
   * One command the server cannot read must not hold up the others: it is set aside once others got through. If none
   * did, the fault is not the command's (a clock years off, a proxy): everything waits.
   */
  async #pushed(sent: ReadonlySet<string>): Promise<Outcome> {
    const unreadable = [...this.#unreadable];
    this.#unreadable.clear();
    if (unreadable.length === 0) return sent.size > 0 ? "done" : "nothing";
    if (sent.size === 0) return this.#wait(null, unreadable[0]![1], false);
    for (const [id, code] of unreadable) await this.#store.setAside(id, code);
    return "done";
  }

  async #check(keep: () => Promise<boolean>): Promise<Outcome> {
    const token = this.#store.token();
    if (token === null) return this.#say(await this.#without());
    if (!(await keep())) return "elsewhere";
    const tick = await this.#store.beginRequest();
    const reply = await this.#wire.state(token);
    if (reply.kind !== "answer") return this.#fault(reply);
    await this.#store.applyState(tick, reply.body);
    this.newestApp = Math.max(this.newestApp, reply.body.newest_app || 0);
    this.#fine();
    if (reply.body.revoked) return this.#revoked();
    if (reply.body.oldest_app > this.#app) return this.#wait(null, "app-too-old", false, "update-needed");
    return "done";
  }

  async #pull(keep: () => Promise<boolean>): Promise<Outcome> {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await this.#needsShift()) {
        const begun = await this.shift();
        if (begun !== "done") return begun;
      }
      const token = this.#store.token();
      if (token === null) return this.#say(await this.#without());
      if (!(await keep())) return "elsewhere";
      const pull = await this.#store.beginPull();
      const reply = await this.#wire.changes(token, pull.cursor);
      if (reply.kind !== "answer") return this.#fault(reply);
      const applied = await this.#store.applyChanges(pull, reply.body);
      this.#fine();
      if (applied) return "done";
    }
    return "nothing";
  }

  /** None, or more than half over: the share is renewed while there is a network to do it. */
  async #needsShift(): Promise<boolean> {
    const { shift_until } = await this.#store.state();
    const shift = await this.#store.db.get("shift");
    if (shift_until === null || shift === undefined) return true;
    const [from, until] = [Date.parse(shift.from), Date.parse(shift.until)];
    return (await this.#store.toldNow()) > (from + until) / 2;
  }

  async #fault(reply: Exclude<Reply<unknown>, { kind: "answer" }>): Promise<Outcome> {
    if (reply.kind === "nothing") return this.#wait(null, reply.code, false, "offline");
    const { status, code, retryAfter } = reply;
    if (status === 403 && code === "device-revoked") return this.#revoked();
    if (status === 401) return this.#wait(LATER / 1000, code, false, "unknown-device");
    if (status === 426) return this.#wait(LATER / 1000, code, false, "update-needed");
    return this.#wait(retryAfter, code, retryAfter !== null);
  }

  /** The list goes; what is in the outbox is still offered, now and then. */
  async #revoked(): Promise<Outcome> {
    await this.#store.wipeList("revoked");
    this.#pullAfter = LATER;
    return this.#say("revoked", null, "device-revoked");
  }

  #wait(retryAfter: number | null, code: string, asked: boolean, state: SyncState = "waiting"): Outcome {
    const ms = this.#backoff.next(retryAfter);
    this.#notBefore = this.#clock() + ms;
    this.#asked = asked;
    return this.#say(state, this.#notBefore, code);
  }

  #fine(): void {
    this.#clear();
    if (this.#status.state !== "revoked") this.#say("idle");
  }

  #clear(): void {
    this.#backoff.reset();
    [this.#notBefore, this.#asked] = [0, false];
  }

  async #without(): Promise<SyncState> {
    return (await this.#store.state()).device === null ? "not-enrolled" : "locked";
  }

  #say(state: SyncState, until: number | null = null, code = ""): SyncState {
    const status = { state, until, code };
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return state;
    this.#status = status;
    for (const tell of this.#listeners) tell(status);
    void this.#store.setSync(status).catch(() => undefined);
    return state;
  }
}

function refusal(reply: Exclude<Reply<unknown>, { kind: "answer" }>): StoreError {
  if (reply.kind === "nothing") return new StoreError(reply.code);
  return new StoreError(reply.code, { retryAfter: reply.retryAfter });
}
