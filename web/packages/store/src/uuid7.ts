/** Identifiers that sort by time (UUID version 7); a burst within one millisecond stays ordered. */

import type { Bytes } from "./bytes.ts";
import { hex } from "./bytes.ts";

export type Random = (count: number) => Bytes;

export const systemRandom: Random = (count) => crypto.getRandomValues(new Uint8Array(count));

export function uuidMaker(clock: () => number, random: Random): () => string {
  let [last, counter] = [0, 0];
  return () => {
    const now = Math.max(0, Math.floor(clock()));
    if (now > last) [last, counter] = [now, random(1)[0]!];
    else if (++counter > 0xfff) [last, counter] = [last + 1, 0];
    const tail = random(8);
    tail[0] = (tail[0]! & 0x3f) | 0x80;
    const text = last.toString(16).padStart(12, "0") + (0x7000 | counter).toString(16) + hex(tail);
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
  };
}
