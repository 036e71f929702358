import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Envelope, Json, Sealed } from "../src/index.ts";
import { canonical, contentHash, fromBase64url, sealCommand } from "../src/index.ts";

interface Vectors {
  canonical: { value: Json; text: string; sha256: string }[];
  keys: { device: string } & Record<"server" | "phone", { d: string; x: string; y: string; point: string }>;
  commands: { envelope: Envelope; payload: Json; iv: string; hash: string; sealed: Sealed }[];
}

const file = new URL("../../../../tests/fixtures/field/vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

async function pair(key: Vectors["keys"]["phone"]): Promise<CryptoKeyPair> {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const [publicKey, privateKey] = await Promise.all([
    crypto.subtle.importKey("raw", fromBase64url(key.point), curve, true, []),
    crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", d: key.d, x: key.x, y: key.y }, curve, false, ["deriveBits"]),
  ]);
  return { publicKey, privateKey };
}

describe("the vectors shared with the server", () => {
  it.each(vectors.canonical)("canonical JSON $sha256", async ({ value, text, sha256 }) => {
    expect(canonical(value)).toBe(text);
    expect(await contentHash(value)).toBe(sha256);
  });

  it.each(vectors.commands)("the seal of $envelope.kind", async ({ envelope, payload, iv, hash, sealed }) => {
    const server = { id: "1", public: vectors.keys.server.point };
    const phone = await pair(vectors.keys.phone);
    const made = await sealCommand(vectors.keys.device, envelope, payload, server, fromBase64url(iv), phone);
    expect(made).toEqual({ ...envelope, hash, sealed });
  });

  it("refuses what has no canonical form", () => {
    for (const value of [0.5, Number.NaN, 2 ** 53, "\ud800", { a: undefined }, { "\udc00": 1 }]) {
      expect(() => canonical(value as Json)).toThrow(TypeError);
    }
  });
});
