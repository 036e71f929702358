export { Backoff } from "./backoff.ts";
export { Engine } from "./engine.ts";
export type { EngineOptions, Outcome } from "./engine.ts";
export { IDLE } from "./status.ts";
export type { Status, SyncState } from "./status.ts";
export type { LocksLike } from "./turn.ts";
export { Wire } from "./wire.ts";
export type { Reply } from "./wire.ts";
