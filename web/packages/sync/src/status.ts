/** What the screen says about sending. The unsent count is the store's (`watchOutbox`). */

export type SyncState =
  /** Nothing to do, or all is done. */
  | "idle"
  | "sending"
  /** No network (grey, not red: work goes on). */
  | "offline"
  /** The server asked to wait until `until`. */
  | "waiting"
  /** The PIN is needed before anything can be sent. */
  | "locked"
  | "not-enrolled"
  /** The desk took this phone off; what it holds is still sent. */
  | "revoked"
  /** The server does not know this phone any more: a new code is needed; nothing is lost. */
  | "unknown-device"
  | "update-needed";

export interface Status {
  state: SyncState;
  /** Instant of the phone's clock, ms, when the next try is made. */
  until: number | null;
  /** Kebab-case; "" if there is nothing to say. */
  code: string;
}

export const IDLE: Status = { state: "idle", until: null, code: "" };
