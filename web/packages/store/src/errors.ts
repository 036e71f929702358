/** A refusal with the same kebab-case codes as everywhere else. */

export class StoreError extends Error {
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;

  constructor(code: string, params: Record<string, unknown> = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.name = "StoreError";
    this.code = code;
    this.params = params;
  }
}

/**
 * Runs a write. What the browser says when the disk is full becomes `storage-full`, any other failure of the disk
 * `storage-failed`; either way the transaction is gone whole, and nothing was promised.
 */
export async function telling<T>(work: () => PromiseLike<T>, nearlyFull: () => Promise<boolean>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    // An aborted transaction does not always say why; then the measure of the disk decides.
    const full = isFull(error) || (await nearlyFull().catch(() => false));
    throw new StoreError(full ? "storage-full" : "storage-failed", {}, error);
  }
}

function isFull(error: unknown): boolean {
  for (let at = error, depth = 0; at !== null && typeof at === "object" && depth < 5; depth++) {
    const { name, message, inner, cause } = at as { name?: string; message?: string; inner?: unknown; cause?: unknown };
    if (name === "QuotaExceededError" || /quota/i.test(message ?? "")) return true;
    at = inner ?? cause;
  }
  return false;
}
