/** Room on the phone: asked for, measured, and told before it hurts. */

import type { StorageLike } from "./types.ts";

export interface Space {
  /** The browser promised not to throw data away; null where it cannot be asked. */
  persisted: boolean | null;
  usage: number | null;
  quota: number | null;
  nearly_full: boolean;
}

const LITTLE = 20 * 1024 * 1024;

export async function askToPersist(storage: StorageLike | null | undefined): Promise<boolean | null> {
  try {
    if ((await storage?.persisted?.()) === true) return true;
    return (await storage?.persist?.()) ?? null;
  } catch {
    return null;
  }
}

/** Nearly full: under 20 MB or a twentieth of the quota left. A day's work of 500 checks takes half a megabyte. */
export async function measure(storage: StorageLike | null | undefined): Promise<Space> {
  let [persisted, usage, quota]: [boolean | null, number | null, number | null] = [null, null, null];
  try {
    persisted = (await storage?.persisted?.()) ?? null;
    const estimate = await storage?.estimate?.();
    [usage, quota] = [estimate?.usage ?? null, estimate?.quota ?? null];
  } catch {
    // Not known is told as not known.
  }
  const left = usage === null || quota === null ? null : quota - usage;
  const nearly_full = left !== null && quota !== null && left < Math.min(LITTLE, quota / 20);
  return { persisted, usage, quota, nearly_full };
}
