/** The canary (sync.md §8): a row in the database and a flag outside; one without the other means data was thrown away. */

import { HELD } from "./db.ts";
import type { Room } from "./room.ts";
import type { Loss } from "./types.ts";

interface Flag {
  born: string;
  device: string;
  /** The highest seq given, or being given. */
  seq: number;
  /** Every seq up to it is on the server. */
  sent: number;
}

export class Canary {
  readonly #room: Room;
  readonly #key: string;

  constructor(room: Room) {
    this.#room = room;
    this.#key = `shouwang-canary:${room.name}`;
  }

  /** At opening: compare the two, remember what is missing, set both again. */
  async look(): Promise<void> {
    const { db } = this.#room;
    await db.transaction("rw", db.meta, db.outbox, db.held, db.canary, async () => {
      const row = await db.canary.get("canary");
      const flag = this.#read();
      if (row !== undefined && flag?.born === row.born) return;
      const loss = this.#loss(flag, row !== undefined, (await db.get("device"))?.device);
      if (loss !== null) await db.set("losses", [...((await db.get("losses")) ?? []), loss]);
      if (row === undefined) await db.canary.put({ key: "canary", born: this.#room.newId() });
      await this.refresh();
    });
  }

  /** Inside the caller's transaction, before a seq is given: better one named too many than one too few. */
  async giving(device: string, seq: number): Promise<void> {
    const flag = this.#read();
    if (flag?.device === device) this.#write({ ...flag, seq: Math.max(flag.seq, seq) });
    else await this.refresh(seq);
  }

  /** Inside the caller's transaction: the flag as the tables have it. */
  async refresh(giving = 0): Promise<void> {
    const { db } = this.#room;
    const [row, device] = [await db.canary.get("canary"), (await db.get("device"))?.device ?? ""];
    const next = (await db.get("seq")) ?? 1;
    const held = await db.held.get(HELD);
    const unsent = [held?.device === device ? held.seq : next];
    for (const state of ["waiting", "aside"]) {
      const first = await db.outbox
        .where("[device+state+seq]")
        .between([device, state, 0], [device, state, Infinity])
        .first();
      if (first !== undefined) unsent.push(first.seq);
    }
    const last = held?.device === device ? held.seq : next - 1;
    this.#write({ born: row?.born ?? "", device, seq: Math.max(last, giving), sent: Math.min(...unsent) - 1 });
  }

  #loss(flag: Flag | null, hasRow: boolean, device: string | undefined): Loss | null {
    const noticed = { noticed_at: this.#room.now(), seen: false };
    if (!hasRow && flag !== null && flag.device !== "") {
      const unsent: [number, number] | null = flag.seq > flag.sent ? [flag.sent + 1, flag.seq] : null;
      return { kind: "database-lost", device: flag.device, unsent, ...noticed };
    }
    if (hasRow && this.#room.around.flags != null && device !== undefined) {
      return { kind: "flag-lost", device, unsent: null, ...noticed };
    }
    return null;
  }

  #read(): Flag | null {
    try {
      const flag = JSON.parse(this.#room.around.flags?.getItem(this.#key) ?? "null") as Flag | null;
      return typeof flag?.seq === "number" && typeof flag.sent === "number" ? flag : null;
    } catch {
      return null;
    }
  }

  #write(flag: Flag): void {
    try {
      this.#room.around.flags?.setItem(this.#key, JSON.stringify(flag));
    } catch {
      // A full or forbidden localStorage must not stop a save; the next opening says "flag-lost".
    }
  }
}
