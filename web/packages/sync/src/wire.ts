/** One request to the server, and what can become of it. An answer that is not the server's own is no answer. */

import type { ChangesAnswer, CommandsAnswer, EnrolAnswer, ShiftAnswer, StateAnswer } from "@shouwang/store";

export type Reply<T> =
  | { kind: "answer"; body: T }
  /** The server said no to the whole request. */
  | { kind: "refused"; status: number; code: string; retryAfter: number | null }
  /** No network, a captive portal, a proxy's page, a cut in the middle. */
  | { kind: "nothing"; code: string };

export interface WireOptions {
  /** Site, without a slash at the end; "" in the browser. */
  base: string;
  /** Release of the app. */
  app: number;
  fetch: typeof fetch;
  timeoutMs: number;
  setTimeout: (work: () => void, ms: number) => unknown;
  clearTimeout: (timer: never) => void;
}

export class Wire {
  readonly #options: WireOptions;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  enrol(body: { code: string; name: string; app: number; device?: string }): Promise<Reply<EnrolAnswer>> {
    return this.#ask("POST", "enrol", null, body, isEnrol);
  }

  shift(token: string): Promise<Reply<ShiftAnswer>> {
    return this.#ask("POST", "shift", token, {}, isShift);
  }

  state(token: string): Promise<Reply<StateAnswer>> {
    return this.#ask("GET", "state", token, null, isState);
  }

  commands(token: string, body: object): Promise<Reply<CommandsAnswer>> {
    return this.#ask("POST", "commands", token, body, isCommands);
  }

  changes(token: string, cursor: string): Promise<Reply<ChangesAnswer>> {
    return this.#ask("GET", `changes?cursor=${encodeURIComponent(cursor)}`, token, null, isChanges);
  }

  async #ask<T>(
    method: string,
    path: string,
    token: string | null,
    body: object | null,
    fits: (value: Record<string, unknown>) => boolean,
  ): Promise<Reply<T>> {
    const { base, app, timeoutMs } = this.#options;
    const stop = new AbortController();
    const timer = this.#options.setTimeout(() => stop.abort(), timeoutMs);
    const headers: Record<string, string> = { Accept: "application/json", "X-Shouwang-App": String(app) };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    if (body !== null) headers["Content-Type"] = "application/json";
    try {
      const response = await this.#options.fetch(`${base}/api/field/v1/${path}`, {
        method,
        headers,
        signal: stop.signal,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      });
      const said: unknown = await response.json().catch(() => null);
      const record = typeof said === "object" && said !== null ? (said as Record<string, unknown>) : null;
      if (response.status === 200) {
        return record !== null && fits(record) ? { kind: "answer", body: record as T } : { kind: "nothing", code: "not-the-server" };
      }
      const code = typeof record?.code === "string" ? record.code : null;
      if (code === null && response.status < 500) return { kind: "nothing", code: "not-the-server" };
      const retryAfter = seconds(response.headers.get("Retry-After"));
      return { kind: "refused", status: response.status, code: code ?? "busy", retryAfter };
    } catch {
      return { kind: "nothing", code: stop.signal.aborted ? "timeout" : "offline" };
    } finally {
      this.#options.clearTimeout(timer as never);
    }
  }
}

function seconds(header: string | null): number | null {
  const value = Number(header);
  return header !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

type Said = Record<string, unknown>;
const text = (value: unknown): boolean => typeof value === "string";
const whole = (value: unknown): boolean => Number.isSafeInteger(value);
const list = (value: unknown): boolean => Array.isArray(value);
const time = (value: unknown): boolean => typeof value === "string" && !Number.isNaN(Date.parse(value));

function isEnrol(said: Said): boolean {
  const [actor, key] = [said.actor as Said | null, said.server_key as Said | null];
  return text(said.device) && text(said.token) && text(actor?.id) && text(key?.id) && text(key?.public) && text(said.epoch);
}

function isShift(said: Said): boolean {
  return text(said.share) && time(said.from) && time(said.until);
}

function isStanding(said: Said): boolean {
  const gaps = said.gaps as [unknown, unknown][];
  const fine = list(gaps) && gaps.every((gap) => list(gap) && whole(gap[0]) && whole(gap[1]));
  return text(said.epoch) && time(said.server_time) && whole(said.contiguous) && whole(said.backed_up_to) && fine;
}

function isState(said: Said): boolean {
  return isStanding(said) && whole(said.oldest_app) && typeof said.revoked === "boolean";
}

function isCommands(said: Said): boolean {
  const receipts = said.receipts as Said[];
  const fine = list(receipts) && receipts.every((receipt) => text(receipt?.id) && text(receipt.status));
  return isStanding(said) && fine && receipts.every(({ server_seq }) => server_seq === null || whole(server_seq));
}

function isChanges(said: Said): boolean {
  const docs = said.docs as Said[];
  const fine = list(docs) && docs.every((doc) => text(doc?.key) && doc.doc !== undefined);
  return text(said.epoch) && text(said.cursor) && fine && list(said.gone) && time(said.server_time) && whole(said.backed_up_to);
}
