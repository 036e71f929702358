/** Keys from the PIN (sync.md §1): the list's needs the shift's share too; the token's and the drafts' do not. */

import type { Bytes } from "./bytes.ts";
import { base64url, concat, fromBase64url, fromUtf8, utf8 } from "./bytes.ts";
import type { Random } from "./uuid7.ts";
import { hkdfKey } from "./seal.ts";

export const ROUNDS = 310_000;

/** One thing encrypted on the phone for the phone. */
export interface Locked {
  readonly iv: string;
  readonly ct: string;
}

/** What a right PIN opens. Kept in memory only. */
export interface PinKeys {
  /** PBKDF2 of the PIN: half of the list's key. */
  readonly half: Bytes;
  readonly token: CryptoKey;
  readonly drafts: CryptoKey;
}

export async function pinKeys(pin: string, salt: Bytes, device: string, rounds: number): Promise<PinKeys> {
  const base = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  const half = new Uint8Array(await crypto.subtle.deriveBits(how, base, 256));
  const both: KeyUsage[] = ["encrypt", "decrypt"];
  return {
    half,
    token: await hkdfKey(half, utf8(device), "shouwang-token-v1", both),
    drafts: await hkdfKey(half, utf8(device), "shouwang-draft-v1", both),
  };
}

export function listKey(keys: PinKeys, share: string, device: string): Promise<CryptoKey> {
  const ikm = concat(keys.half, fromBase64url(share));
  return hkdfKey(ikm, utf8(device), "shouwang-list-v1", ["encrypt", "decrypt"]);
}

/** `name` is bound to the ciphertext, so that one row cannot be put in another's place. */
export async function lock(key: CryptoKey, name: string, value: unknown, random: Random): Promise<Locked> {
  const iv = random(12);
  const plain = utf8(JSON.stringify(value));
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(name) }, key, plain);
  return { iv: base64url(iv), ct: base64url(new Uint8Array(ct)) };
}

export async function unlock<T>(key: CryptoKey, name: string, locked: Locked): Promise<T> {
  const how = { name: "AES-GCM", iv: fromBase64url(locked.iv), additionalData: utf8(name) };
  return JSON.parse(fromUtf8(await crypto.subtle.decrypt(how, key, fromBase64url(locked.ct)))) as T;
}
