/**
 * How long to wait after a fault (sync.md §7): what the server asks, then twice as long each time. Up to ten minutes
 * where nothing answers; up to two where a busy server does, for it spreads its callers itself and is soon free again.
 */

const FIRST = 2_000;
const MOST = 600_000;
const MOST_ASKED = 120_000;

export class Backoff {
  readonly #chance: () => number;
  #last = 0;

  /** `chance` gives 0 ≤ x < 1. */
  constructor(chance: () => number) {
    this.#chance = chance;
  }

  /** Milliseconds to wait now; never less than the server asked for, and never all phones at once. */
  next(retryAfter: number | null): number {
    const asked = (retryAfter ?? 0) * 1000;
    const base = this.#last === 0 ? asked || FIRST : this.#last * 2;
    this.#last = Math.min(retryAfter === null ? MOST : MOST_ASKED, Math.max(base, asked));
    return Math.max(asked, Math.round(this.#last * (1 + this.#chance() * 0.25)));
  }

  reset(): void {
    this.#last = 0;
  }
}
