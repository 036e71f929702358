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

/** Runs a write; what the browser says when the disk is full becomes `storage-full` (the transaction is gone whole). */
export async function telling<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isFull(error)) throw new StoreError("storage-full", {}, error);
    throw error;
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
