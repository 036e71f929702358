/** Canonical JSON (sync.md §2): the same content has the same bytes here and on the server. */

import { hex, utf8 } from "./bytes.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Keys sorted by code point, no space, non-ASCII as it is. Fractions, lone surrogates and undefined are refused. */
export function canonical(value: Json): string {
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${value} has no canonical form`);
    return JSON.stringify(value);
  }
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") {
    const members = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
    return `{${members.map(([key, member]) => `${text(key)}:${canonical(member)}`).join(",")}}`;
  }
  throw new TypeError(`${typeof value} has no canonical form`);
}

/** SHA-256 of the canonical JSON, 64 hex digits. */
export async function contentHash(value: Json): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(canonical(value)))));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function text(value: string): string {
  for (const letter of value) {
    const code = letter.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) throw new TypeError("half a character has no canonical form");
  }
  return JSON.stringify(value);
}

/** JavaScript sorts by UTF-16 unit, which puts 😀 before ﹏; code points do not. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
