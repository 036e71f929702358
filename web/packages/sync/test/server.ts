/** A server written from docs/reference/sync.md alone, in memory: what §1 to §4 promise, nothing kinder. */

import { canonical, contentHash, fromBase64url, hex, utf8 } from "@shouwang/store";
import type { Json } from "@shouwang/store";

interface Item {
  id: string;
  hash: string;
  seq: number;
  device: string;
  receipt: { id: string; status: string; code: string; server_seq: number | null; effect: Record<string, unknown> };
  payload: Json;
}

interface Command {
  id: string;
  seq: number;
  kind: string;
  v: number;
  actor: string;
  revision: string | null;
  occurred_at: string;
  zone: string;
  recorded_at: string;
  hash: string;
  sealed: { key: string; epk: string; iv: string; ct: string };
}

interface Tables {
  items: Map<string, Item>;
  conflicts: { id: string; hash: string }[];
  seqs: Map<string, Set<number>>;
  highest: number;
  backedUpTo: number;
  devices: Map<string, { token: string; actor: string; revoked: boolean }>;
  cursors: Map<string, { cursor: string; held: Map<string, string> }[]>;
  cursorNo: number;
}

const empty = (): Tables => ({
  items: new Map(),
  conflicts: [],
  seqs: new Map(),
  highest: 0,
  backedUpTo: 0,
  devices: new Map(),
  cursors: new Map(),
  cursorNo: 0,
});

export class TestServer {
  tables = empty();
  epoch = "epoch-1";
  docs = new Map<string, Json>([["me", { field: { pin_tries: 5, undo_seconds: 8 } }]]);
  /** Payloads with this note are refused by the room. */
  refuses = "refuse-me";
  /** Kinds this person may not do. */
  quarantines = new Set<string>();
  shiftHours = 12;
  oldestApp = 1;
  busyFor: number | null = null;
  requests = 0;
  now: () => number;
  #keys!: CryptoKeyPair;
  #public!: Uint8Array<ArrayBuffer>;
  #epochNo = 1;
  #deviceNo = 0;

  constructor(now: () => number) {
    this.now = now;
  }

  async begin(): Promise<this> {
    this.#keys = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
    this.#public = new Uint8Array(await crypto.subtle.exportKey("raw", this.#keys.publicKey));
    return this;
  }

  /** Bound, so that it can stand for `fetch`. */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    this.requests++;
    const url = new URL(String(input));
    const [status, body, headers] = await this.#answer(url, init);
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
  };

  /** A backup, restored in a trial and agreed. */
  backup(): Tables {
    this.tables.backedUpTo = this.tables.highest;
    return structuredClone(this.tables);
  }

  /** `shouwang restore`. */
  restore(backup: Tables): void {
    this.tables = structuredClone(backup);
    this.#newEpoch();
  }

  /** Somebody copied the database's files back and told nobody. */
  restoreByOtherMeans(backup: Tables): void {
    this.tables = structuredClone(backup);
  }

  facts(device?: string): Set<string> {
    const facts = [...this.tables.items.values()].filter((item) => device === undefined || item.device === device);
    return new Set(facts.map(({ id }) => id));
  }

  #newEpoch(): void {
    this.epoch = `epoch-${++this.#epochNo}`;
  }

  async #answer(url: URL, init: RequestInit): Promise<[number, unknown, Record<string, string>]> {
    const path = url.pathname.replace("/api/field/v1/", "");
    const headers = new Headers(init.headers);
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as never) : null;
    if (this.busyFor !== null) return [503, { code: "busy" }, { "Retry-After": String(this.busyFor) }];
    if (Number(headers.get("X-Shouwang-App")) < this.oldestApp) return [426, { code: "app-too-old" }, {}];
    if (path === "enrol") return this.#enrol(body!);
    const token = headers.get("Authorization")?.replace("Bearer ", "");
    const found = [...this.tables.devices].find(([, device]) => device.token === token);
    if (found === undefined) return [401, { code: "device-unknown" }, {}];
    const [id, device] = found;
    if (path === "state") {
      const { oldestApp } = this;
      return [200, { ...this.#standing(id), oldest_app: oldestApp, newest_app: 3, revoked: device.revoked }, {}];
    }
    if (path === "commands") return this.#commands(id, body!);
    if (device.revoked) return [403, { code: "device-revoked" }, {}];
    if (path === "shift") return [200, this.#shift(), {}];
    if (path === "changes") return [200, this.#changes(id, url.searchParams.get("cursor") ?? ""), {}];
    return [404, { code: "not-found" }, {}];
  }

  #enrol(body: { code: string; device?: string }): [number, unknown, Record<string, string>] {
    if (body.code !== "ABCDE12345") return [403, { code: "enrol-code-wrong" }, {}];
    const known = body.device === undefined ? undefined : this.tables.devices.get(body.device);
    const again = body.device !== undefined && !known?.revoked;
    const device = again ? body.device! : `device-${++this.#deviceNo}`;
    const token = `token-${device}-${this.tables.highest}-${this.requests}`;
    this.tables.devices.set(device, { token, actor: "7", revoked: false });
    const server_key = { id: "key-1", public: Buffer.from(this.#public).toString("base64url") };
    const answer = { device, token, actor: { id: "7", name: "王医生" }, server_key, epoch: this.epoch, server_time: this.#time() };
    return [200, answer, {}];
  }

  #shift() {
    const share = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
    return { share, from: this.#time(), until: this.#time(this.shiftHours * 3_600_000) };
  }

  async #commands(device: string, body: { epoch: string; device_time: string; last_server_seq?: number; commands: Command[] }): Promise<[number, unknown, Record<string, string>]> {
    if (body.commands.length > 100) return [413, { code: "batch-too-large" }, {}];
    let restored = false;
    if (body.epoch === this.epoch && (body.last_server_seq ?? 0) > this.tables.highest) {
      this.#newEpoch();
      restored = true;
    }
    const receipts = [];
    for (const command of body.commands) receipts.push(await this.#take(device, command));
    const skew_seconds = Math.round((this.now() - Date.parse(body.device_time)) / 1000);
    return [200, { ...this.#standing(device), skew_seconds, receipts, restored, pull_after: 60 }, {}];
  }

  async #take(device: string, command: Command): Promise<Item["receipt"]> {
    const { tables } = this;
    const was = tables.items.get(command.id);
    if (was !== undefined && was.hash !== command.hash) {
      tables.conflicts.push({ id: command.id, hash: command.hash });
      this.#see(device, command.seq);
      return { id: command.id, status: "conflict", code: "id-taken", server_seq: null, effect: {} };
    }
    if (was !== undefined) {
      return { ...was.receipt, status: "again", effect: { ...was.receipt.effect, first: was.receipt.status } };
    }
    const payload = await this.#open(device, command);
    const server_seq = ++tables.highest;
    const receipt = { id: command.id, code: "", server_seq, effect: {}, ...this.#judge(device, command, payload) };
    const { id, hash, seq } = command;
    tables.items.set(id, { id, hash, seq, device, receipt, payload });
    this.#see(device, seq);
    return receipt;
  }

  #judge(device: string, command: Command, payload: Json): { status: string; code?: string } {
    if (this.tables.devices.get(device)!.revoked) return { status: "quarantined", code: "device-revoked" };
    if (payload === null) return { status: "quarantined", code: "unreadable" };
    if (this.quarantines.has(command.kind)) return { status: "quarantined", code: "not-permitted" };
    if ((payload as { note?: string }).note === this.refuses) return { status: "refused", code: "check-too-early" };
    return { status: "done" };
  }

  /** Opens the seal and compares the hash, as the page says. */
  async #open(device: string, command: Command): Promise<Json> {
    const { sealed, hash, ...envelope } = command;
    try {
      const epk = fromBase64url(sealed.epk);
      const curve = { name: "ECDH", namedCurve: "P-256" };
      const theirs = await crypto.subtle.importKey("raw", epk, curve, false, []);
      const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, this.#keys.privateKey, 256);
      const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
      const salt = new Uint8Array([...epk, ...this.#public]);
      const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8("shouwang-field-v1") };
      const key = await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
      const additionalData = utf8([device, command.id, command.seq, command.kind].join("|"));
      const opened = { name: "AES-GCM", iv: fromBase64url(sealed.iv), additionalData };
      const plain = await crypto.subtle.decrypt(opened, key, fromBase64url(sealed.ct));
      const payload = JSON.parse(new TextDecoder().decode(plain)) as Json;
      const same = (await contentHash({ ...envelope, device, payload } as Json)) === hash;
      return same && canonical(payload) === new TextDecoder().decode(plain) ? payload : null;
    } catch {
      return null;
    }
  }

  #see(device: string, seq: number): void {
    const seqs = this.tables.seqs.get(device) ?? new Set();
    this.tables.seqs.set(device, seqs.add(seq));
  }

  #standing(device: string) {
    const seqs = [...(this.tables.seqs.get(device) ?? [])].sort((a, b) => a - b);
    let contiguous = 0;
    while (seqs[contiguous] === contiguous + 1) contiguous++;
    const gaps: [number, number][] = [];
    let before = contiguous;
    for (const seq of seqs.slice(contiguous)) {
      if (seq > before + 1) gaps.push([before + 1, seq - 1]);
      before = seq;
    }
    const { backedUpTo } = this.tables;
    return { epoch: this.epoch, server_time: this.#time(), contiguous, gaps, backed_up_to: backedUpTo };
  }

  #changes(device: string, cursor: string) {
    const { tables } = this;
    const kept = tables.cursors.get(device) ?? [];
    const known = kept.find((one) => one.cursor === cursor);
    const now = new Map([...this.docs].map(([key, doc]) => [key, JSON.stringify(doc)]));
    const docs = [...this.docs].filter(([key]) => known?.held.get(key) !== now.get(key)).map(([key, doc]) => ({ key, doc }));
    const gone = known === undefined ? [] : [...known.held.keys()].filter((key) => !now.has(key));
    const fresh = { cursor: `cursor-${++tables.cursorNo}`, held: now };
    tables.cursors.set(device, known === undefined ? [fresh] : [known, fresh]);
    const { backedUpTo } = tables;
    return {
      epoch: this.epoch,
      cursor: fresh.cursor,
      full: known === undefined,
      docs,
      gone,
      server_time: this.#time(),
      backed_up_to: backedUpTo,
      cut: { households: 0, doors: 0 },
    };
  }

  #time(later = 0): string {
    return new Date(this.now() + later).toISOString();
  }
}

export const digest = async (text: string): Promise<string> =>
  hex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text))));
