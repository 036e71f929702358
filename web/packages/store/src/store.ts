/** One store, one phone: `openStore(name)`. Everything the app and the sync engine ask goes through here. */

import { liveQuery } from "dexie";
import { Canary } from "./canary.ts";
import type { Json } from "./canonical.ts";
import type { MetaRows } from "./db.ts";
import { StoreError } from "./errors.ts";
import type { Mark, Pull } from "./list.ts";
import { List } from "./list.ts";
import { Outbox } from "./outbox.ts";
import type { Applied } from "./receipts.ts";
import { Receipts } from "./receipts.ts";
import { Room } from "./room.ts";
import type { Space } from "./space.ts";
import { askToPersist, measure } from "./space.ts";
import type * as t from "./types.ts";
import { DEFAULT_LIMITS, Vault } from "./vault.ts";

export class Store {
  readonly #room: Room;
  readonly #canary: Canary;
  readonly #outbox: Outbox;
  readonly #receipts: Receipts;
  readonly #vault: Vault;
  readonly #list: List;
  readonly #heard = new Set<() => void>();
  #timer: unknown = null;

  constructor(name: string, around: t.Surroundings) {
    this.#room = new Room(name, around);
    this.#canary = new Canary(this.#room);
    this.#outbox = new Outbox(this.#room, this.#canary);
    this.#receipts = new Receipts(this.#room, this.#canary);
    this.#vault = new Vault(this.#room, this.#canary);
    this.#list = new List(this.#room, this.#vault, this.#receipts);
  }

  get name(): string {
    return this.#room.name;
  }

  /** The tables themselves, for tests and for `@shouwang/sync`'s lease; the app has no business here. */
  get db(): Room["db"] {
    return this.#room.db;
  }

  newId(): string {
    return this.#room.newId();
  }

  async begin(): Promise<void> {
    await this.#room.db.open();
    await this.#canary.look();
    await this.#vault.expire();
    await this.#schedule();
  }

  /** Forgets the keys and lets the tables go. */
  close(): void {
    this.#stopTimer();
    this.#room.forgetKeys();
    this.#list.forget();
    this.#room.db.close();
  }

  // Who and whether

  async state(): Promise<t.StoreState> {
    await this.#vault.expire();
    const { db } = this.#room;
    return db.transaction("r", db.meta, async () => {
      const device = await db.get("device");
      const [shift, list, server] = [await db.get("shift"), await db.get("list"), await db.get("server")];
      const tries = await db.get("tries");
      const limits = (await db.get("limits")) ?? DEFAULT_LIMITS;
      const fresh = list?.pulled_at != null ? "fresh" : "none";
      return {
        phase: device === undefined ? "new" : this.#room.keys === null ? "locked" : "open",
        list: shift === undefined ? (device === undefined ? "none" : "expired") : fresh,
        device: device === undefined ? null : { device: device.device, actor: device.actor, name: device.name },
        revoked: (await db.get("revoked")) ?? false,
        shift_until: shift?.until ?? null,
        pulled_at: list?.pulled_at ?? null,
        cut: list?.cut ?? { households: 0, doors: 0 },
        pin_tries_left: Math.max(0, limits.pin_tries - (tries?.wrong ?? 0)),
        pin_wait_until: tries?.wait_until ?? null,
        skew_seconds: server?.skew_seconds ?? null,
        unfillable: server?.unfillable ?? [],
        losses: (await db.get("losses")) ?? [],
      };
    });
  }

  async limits(): Promise<t.Limits> {
    return (await this.#room.db.get("limits")) ?? DEFAULT_LIMITS;
  }

  async adopt(answer: t.EnrolAnswer, name: string, pin: string): Promise<void> {
    await this.#vault.adopt(answer, name, pin);
    this.#tell();
  }

  /** Throws `pin-wrong {left}`, `pin-tries-over {until}` (the list is deleted), `pin-wait {until}`, `not-enrolled`. */
  async unlock(pin: string): Promise<void> {
    await this.#vault.open(pin);
    this.#tell();
  }

  lock(): void {
    this.#room.forgetKeys();
    this.#list.forget();
    this.#tell();
  }

  async adoptShift(answer: t.ShiftAnswer): Promise<void> {
    await this.#vault.adoptShift(answer);
    this.#tell();
  }

  async wipeList(why: "revoked" | "asked"): Promise<void> {
    await this.#vault.wipe(why === "revoked");
    this.#list.forget();
    this.#tell();
  }

  /** The bearer token; null while locked. */
  token(): string | null {
    return this.#room.token;
  }

  /** A person has read it. */
  async seeLosses(): Promise<void> {
    const { db } = this.#room;
    await db.transaction("rw", db.meta, async () => {
      const losses = (await db.get("losses")) ?? [];
      await db.set("losses", losses.map((loss) => ({ ...loss, seen: true })));
    });
  }

  // The outbox

  async record<K extends t.Kind>(kind: K, payload: t.Payloads[K], options: t.RecordOptions): Promise<t.Recorded> {
    const recorded = await this.#outbox.record(kind, payload, options);
    await this.#schedule();
    return recorded;
  }

  undo(id?: string): Promise<boolean> {
    return this.#outbox.undo(id);
  }

  release(): Promise<boolean> {
    return this.#outbox.release();
  }

  async held(): Promise<{ id: string; kind: string; release_at: number } | null> {
    const held = await this.#outbox.held();
    return held === undefined ? null : { id: held.id, kind: held.kind, release_at: held.release_at };
  }

  outbox(): Promise<t.OutboxCounts> {
    return this.#outbox.counts();
  }

  entries(states?: t.EntryState[], most?: number): Promise<t.Entry[]> {
    return this.#outbox.entries(states, most);
  }

  see(id: string): Promise<void> {
    return this.#outbox.see(id);
  }

  offerAgain(id: string): Promise<boolean> {
    return this.#outbox.offerAgain(id);
  }

  // The list

  documents<T = Json>(prefix: string): Promise<{ key: string; doc: T }[]> {
    return this.#list.documents<T>(prefix);
  }

  document<T = Json>(key: string): Promise<T | null> {
    return this.#list.document<T>(key);
  }

  marks(prefix: string): Promise<Mark[]> {
    return this.#list.marks(prefix);
  }

  saveDraft(name: string, value: Json): Promise<void> {
    return this.#list.saveDraft(name, value);
  }

  loadDraft<T = Json>(name: string): Promise<T | null> {
    return this.#list.loadDraft<T>(name);
  }

  dropDraft(name: string): Promise<void> {
    return this.#list.dropDraft(name);
  }

  drafts(): Promise<{ name: string; saved_at: number }[]> {
    return this.#list.drafts();
  }

  // Room on the phone

  persist(): Promise<boolean | null> {
    return askToPersist(this.#room.around.storage);
  }

  space(): Promise<Space> {
    return measure(this.#room.around.storage);
  }

  // Watching, also what other tabs do

  watchOutbox(tell: (counts: t.OutboxCounts) => void): () => void {
    return this.#watch(() => this.outbox(), tell);
  }

  watchState(tell: (state: t.StoreState) => void): () => void {
    const { db } = this.#room;
    return this.#watch(
      () => db.meta.toArray(),
      () => void this.state().then(tell, () => undefined),
    );
  }

  /** `tell` is called at once and whenever a document or mark changes; read them then. */
  watchList(tell: () => void): () => void {
    const { db } = this.#room;
    const look = async () => [await db.get("list"), await db.get("shift"), await db.marks.toArray(), await this.outbox()];
    return this.#watch(look, tell);
  }

  watchSync(tell: (sync: MetaRows["sync"]) => void): () => void {
    const { db } = this.#room;
    return this.#watch(async () => (await db.get("sync")) ?? { state: "idle", until: null, code: "" }, tell);
  }

  // For the sync engine

  /** The server's time as far as the phone knows, ms. */
  toldNow(): Promise<number> {
    return this.#room.toldNow();
  }

  batch(most: number, skip: ReadonlySet<string> = new Set()): Promise<t.Batch | null> {
    return this.#outbox.batch(most, skip);
  }

  setAside(id: string, code: string): Promise<void> {
    return this.#outbox.setAside(id, code);
  }

  applyReceipts(batch: Pick<t.Batch, "tick" | "ids">, answer: t.CommandsAnswer): Promise<Applied> {
    return this.#receipts.apply(batch, answer);
  }

  beginRequest(): Promise<number> {
    return this.#receipts.begin();
  }

  applyState(tick: number, answer: t.StateAnswer): Promise<Applied> {
    return this.#receipts.applyState(tick, answer);
  }

  beginPull(): Promise<Pull> {
    return this.#list.begin();
  }

  applyChanges(pull: Pull, answer: t.ChangesAnswer): Promise<boolean> {
    return this.#list.apply(pull, answer);
  }

  async setSync(sync: MetaRows["sync"]): Promise<void> {
    await this.#room.db.set("sync", sync);
  }

  #watch<T>(look: () => T | Promise<T>, tell: (value: T) => void): () => void {
    const subscription = liveQuery(look).subscribe({ next: tell, error: () => undefined });
    const again = (): void => void Promise.resolve(look()).then(tell, () => undefined);
    this.#heard.add(again);
    return () => {
      this.#heard.delete(again);
      subscription.unsubscribe();
    };
  }

  /** What is in memory (the keys) has changed; the tables need not have. */
  #tell(): void {
    for (const again of this.#heard) again();
  }

  /** A held entry goes by itself when its time is over; after a crash too. */
  async #schedule(): Promise<void> {
    this.#stopTimer();
    const held = await this.#outbox.held();
    if (held === undefined) return;
    const left = Math.min(60_000, Math.max(0, held.release_at - this.#room.now()));
    const later = this.#room.around.setTimeout ?? ((work: () => void, ms: number) => globalThis.setTimeout(work, ms));
    this.#timer = later(() => void this.#outbox.release(true).catch(() => undefined), left);
  }

  #stopTimer(): void {
    if (this.#timer === null) return;
    (this.#room.around.clearTimeout ?? (globalThis.clearTimeout as (timer: never) => void))(this.#timer as never);
    this.#timer = null;
  }
}

/**
 * Opens (or makes) the store of this name. Throws `not-secure` (no WebCrypto: not https), `storage-unavailable` (a
 * private window, a broken profile). `around` replaces clock, random, storage and database in tests.
 */
export async function openStore(name: string, around: t.Surroundings = {}): Promise<Store> {
  const browser = globalThis as { localStorage?: t.Flags; navigator?: { storage?: t.StorageLike } };
  const flags = around.flags !== undefined ? around.flags : (readable(() => browser.localStorage) ?? null);
  const storage = around.storage !== undefined ? around.storage : (browser.navigator?.storage ?? null);
  if (globalThis.crypto?.subtle === undefined) throw new StoreError("not-secure");
  const store = new Store(name, { ...around, flags, storage });
  try {
    await store.begin();
  } catch (error) {
    throw error instanceof StoreError ? error : new StoreError("storage-unavailable", {}, error);
  }
  return store;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
