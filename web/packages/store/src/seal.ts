/** Sealing to the server's key (sync.md §2): whoever finds the phone cannot read what waits; nor can the phone. */

import type { Bytes } from "./bytes.ts";
import { base64url, concat, fromBase64url, utf8 } from "./bytes.ts";
import type { Json } from "./canonical.ts";
import { canonical, contentHash } from "./canonical.ts";

export interface ServerKey {
  readonly id: string;
  /** P-256 point, uncompressed, base64url. */
  readonly public: string;
}

export interface Sealed {
  readonly key: string;
  readonly epk: string;
  readonly iv: string;
  readonly ct: string;
}

/** What goes on the wire about one command; the payload is sealed. */
export interface Envelope {
  readonly id: string;
  readonly seq: number;
  readonly kind: string;
  readonly v: number;
  readonly actor: string;
  readonly revision: string | null;
  readonly occurred_at: string;
  readonly zone: string;
  readonly recorded_at: string;
}

export interface SealedCommand extends Envelope {
  readonly hash: string;
  readonly sealed: Sealed;
}

const P256 = { name: "ECDH", namedCurve: "P-256" } as const;

/** `chosen` is for the test vectors shared with the server; without it everything is fresh. */
export async function sealCommand(
  device: string,
  envelope: Envelope,
  payload: Json,
  server: ServerKey,
  iv: Bytes,
  chosen?: CryptoKeyPair,
): Promise<SealedCommand> {
  const hash = await contentHash({ ...envelope, device, payload });
  const pair = chosen ?? (await crypto.subtle.generateKey(P256, false, ["deriveBits"]));
  const epk = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const point = fromBase64url(server.public);
  const theirs = await crypto.subtle.importKey("raw", point, P256, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256);
  const key = await hkdfKey(shared, concat(epk, point), "shouwang-field-v1", ["encrypt"]);
  const additionalData = utf8([device, envelope.id, envelope.seq, envelope.kind].join("|"));
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, utf8(canonical(payload)));
  return {
    ...envelope,
    hash,
    sealed: { key: server.id, epk: base64url(epk), iv: base64url(iv), ct: base64url(new Uint8Array(ct)) },
  };
}

export async function hkdfKey(ikm: BufferSource, salt: Bytes, info: string, uses: KeyUsage[]): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", ikm, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8(info) };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, uses);
}
