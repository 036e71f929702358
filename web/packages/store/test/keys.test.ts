import { describe, expect, it } from "vitest";
import { begun, changes, check, Disk, enrolAnswer, HOUR, NOON, PIN, record, shiftAnswer, TOKEN, ZONE } from "./phone.ts";

const mark = { mark: { key: "file/1", value: { deci: 381 } } };

describe("what is on the disk", () => {
  it("can be read by nobody who finds the phone", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    await record(store, "发热去了医院", mark);
    await record(store, "守着不说", { hold: 8 });
    await store.saveDraft("check/1", { note: "写到一半" });
    const everything = await disk.everything(store);
    for (const secret of ["发热去了医院", "守着不说", "写到一半", "罗玉兰", TOKEN, PIN, '"deci"']) {
      expect(everything).not.toContain(secret);
    }
    expect(everything).toContain("王医生");
  });

  it("opens with the PIN, and with no other", async () => {
    const disk = new Disk();
    (await begun(disk)).close();
    const store = await disk.open();
    expect(await store.state()).toMatchObject({ phase: "locked", list: "fresh" });
    expect([store.token(), await store.documents("")]).toEqual([null, []]);
    await expect(store.unlock("271829")).rejects.toMatchObject({ code: "pin-wrong", params: { left: 4 } });
    await store.unlock(PIN);
    expect(store.token()).toBe(TOKEN);
    expect(await store.documents("file/")).toEqual([{ key: "file/1", doc: { name: "罗玉兰" } }]);
    expect((await store.state()).pin_tries_left).toBe(5);
    store.lock();
    expect([store.token(), await store.document("file/1")]).toEqual([null, null]);
  });

  it("refuses a short PIN", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    await expect(store.adopt(enrolAnswer(), "x", "12345")).rejects.toMatchObject({ code: "pin-too-short" });
  });

  it("loses its list after five wrong PINs, also when the app is killed between, and keeps its outbox", async () => {
    const disk = new Disk();
    const first = await begun(disk);
    await record(first);
    first.close();
    for (let left = 4; left > 0; left--) {
      const store = await disk.open();
      await expect(store.unlock("000000")).rejects.toMatchObject({ code: "pin-wrong", params: { left } });
      store.close();
    }
    const store = await disk.open();
    await expect(store.unlock("000000")).rejects.toMatchObject({ code: "pin-tries-over" });
    expect(await store.db.docs.count()).toBe(0);
    expect(await store.db.get("shift")).toBeUndefined();
    await expect(store.unlock(PIN)).rejects.toMatchObject({ code: "pin-wait" });
    disk.time += 2 * 60_000;
    await store.unlock(PIN);
    expect(await store.state()).toMatchObject({ phase: "open", list: "expired" });
    expect((await store.outbox()).unsent).toBe(1);
    expect(store.token()).toBe(TOKEN);
  });
});

describe("a shift", () => {
  it("ends: the share and the list are deleted, the outbox and the form in progress stay", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    await record(store, "", mark);
    await store.saveDraft("check/1", { deci: 370 });
    disk.time += 12 * HOUR - 1;
    expect((await store.documents("")).length).toBe(2);
    disk.time += 1;
    expect(await store.documents("")).toEqual([]);
    expect([await store.db.docs.count(), await store.db.marks.count()]).toEqual([0, 0]);
    expect((await store.state()).list).toBe("expired");
    expect((await store.outbox()).unsent).toBe(1);
    expect(await store.loadDraft("check/1")).toEqual({ deci: 370 });
    disk.time = NOON;
    expect(await store.documents("")).toEqual([]);
  });

  it("cannot be lengthened by setting the clock back", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    disk.time += 11 * HOUR;
    expect((await store.documents("")).length).toBe(2);
    disk.time -= 40 * HOUR;
    expect((await store.documents("")).length).toBe(2);
    disk.time += 41 * HOUR;
    expect(await store.documents("")).toEqual([]);
  });

  it("works on a phone whose clock was days ahead when it was enrolled", async () => {
    const disk = new Disk();
    disk.time = NOON + 50 * HOUR;
    const store = await disk.open();
    await store.adopt(enrolAnswer(), "x", PIN);
    await store.adoptShift(shiftAnswer(NOON));
    await store.applyChanges(await store.beginPull(), changes({ "file/1": 1 }));
    expect((await store.documents("")).length).toBe(1);
    disk.time += 12 * HOUR;
    expect(await store.documents("")).toEqual([]);
  });

  it("is told by the server's clock, not by a phone's that is days off", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    disk.time += 50 * HOUR;
    const skewed = { epoch: "epoch-1", server_time: new Date(NOON + HOUR).toISOString(), contiguous: 0, gaps: [], backed_up_to: 0 };
    await store.adoptShift(shiftAnswer(NOON + HOUR));
    await store.applyState(await store.beginRequest(), { ...skewed, oldest_app: 1, newest_app: 3, revoked: false });
    await store.adoptShift(shiftAnswer(NOON + HOUR));
    await store.applyChanges(await store.beginPull(), changes({ "file/1": { name: "甲" } }));
    expect((await store.documents("")).length).toBe(1);
    disk.time += 13 * HOUR;
    expect(await store.documents("")).toEqual([]);
  });

  it("is renewed without a new list: what was there is encrypted under the new share", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    await record(store, "", mark);
    const before = await store.db.docs.toArray();
    disk.time += 7 * HOUR;
    await store.adoptShift(shiftAnswer(disk.time));
    const after = await store.db.docs.toArray();
    expect(after.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
    expect(after.map(({ ct }) => ct)).not.toEqual(before.map(({ ct }) => ct));
    store.close();
    disk.time += 8 * HOUR;
    const again = await disk.open();
    await again.unlock(PIN);
    expect(await again.document("file/1")).toEqual({ name: "罗玉兰" });
    expect((await again.marks("file/"))[0]).toMatchObject({ key: "file/1", value: { deci: 381 }, state: "waiting" });
    expect((await again.db.get("list"))?.cursor).toBe("c1");
  });

  it("begun in one tab is read in the other", async () => {
    const disk = new Disk();
    const one = await begun(disk);
    const two = await disk.open();
    await two.unlock(PIN);
    expect(await two.document("file/1")).toEqual({ name: "罗玉兰" });
    await one.adoptShift(shiftAnswer(disk.time));
    await one.applyChanges(await one.beginPull(), changes({ "file/1": { name: "新" } }, { cursor: "c2", full: false }));
    expect(await two.document("file/1")).toEqual({ name: "新" });
  });
});

describe("the list", () => {
  it("takes what changed and drops what is gone, in one transaction with the cursor", async () => {
    const disk = new Disk();
    const store = await begun(disk, { "file/1": 1, "file/2": 2, "home/1": 3 });
    const pull = await store.beginPull();
    expect(pull.cursor).toBe("c1");
    const next = changes({ "file/2": 22, "file/3": 33 }, { full: false, gone: ["file/1"], cursor: "c2" });
    expect(await store.applyChanges(pull, next)).toBe(true);
    expect(await store.documents("file/")).toEqual([
      { key: "file/2", doc: 22 },
      { key: "file/3", doc: 33 },
    ]);
    expect(await store.applyChanges(pull, changes({ "file/1": "late" }))).toBe(false);
    expect((await store.beginPull()).cursor).toBe("c2");
    expect(await store.document("file/1")).toBeNull();
  });

  it("with one document that cannot be read still shows the others, and is asked for whole", async () => {
    const disk = new Disk();
    const store = await begun(disk, { "file/1": 1, "file/2": 2 });
    const { iv, ct } = (await store.db.docs.get("file/1"))!;
    await store.db.docs.put({ key: "file/2", iv, ct });
    expect(await store.documents("file/")).toEqual([{ key: "file/1", doc: 1 }]);
    const pull = await store.beginPull();
    expect(pull.cursor).toBe("");
    await store.applyChanges(pull, changes({ "file/1": 1, "file/2": 2 }));
    expect((await store.documents("file/")).length).toBe(2);
  });

  it("tells what the pack says of PIN and undo", async () => {
    const store = await begun(new Disk(), { me: { field: { pin_tries: 3, undo_seconds: 20 } } });
    expect(await store.limits()).toEqual({ pin_tries: 3, undo_seconds: 20 });
  });

  it("is gone when the phone is revoked, and the drafts with it", async () => {
    const disk = new Disk();
    const store = await begun(disk);
    await store.saveDraft("check/1", { note: "x" });
    await record(store);
    await store.wipeList("revoked");
    expect([await store.db.docs.count(), await store.db.drafts.count(), await store.db.marks.count()]).toEqual([0, 0, 0]);
    expect(await store.state()).toMatchObject({ revoked: true, list: "expired" });
    expect((await store.outbox()).unsent).toBe(1);
  });

  it("loses its draft when what it became is saved, in the same transaction", async () => {
    const store = await begun(new Disk());
    await store.saveDraft("check/1", { deci: 381 });
    await store.record("check", check(), { zone: ZONE, draft: "check/1" });
    expect(await store.loadDraft("check/1")).toBeNull();
  });
});
