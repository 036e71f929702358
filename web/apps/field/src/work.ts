/** 工作 The seam between the screens and the packages: what this phone is, holds, wrote and still has to send. */

import { alertsOf, contextOf, type Facts, type Pack } from "@shouwang/rules";
import { type Entry as Sealed, type Json, type Loss, openStore, type OutboxCounts, type Store, StoreError, type StoreState } from "@shouwang/store";
import { Engine, IDLE, type Status } from "@shouwang/sync";
import { isOff, offsetOf } from "@shouwang/ui/clock";
import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";

import { EMPTY, type House, houseOf, type PackDoc } from "./documents.ts";
import { dayOf } from "./logic/dates.ts";
import { type DoorLine, doorLines } from "./logic/door.ts";
import type { ArrivalPayload, CheckPayload, Entry, VisitPayload } from "./logic/entries.ts";
import { type Day, type Line, linesOf } from "./logic/lines.ts";
import { RELEASE } from "./release.ts";
import { sentence } from "./words.ts";

const NAME = "shouwang-field";
const HOME_ZONE = "Asia/Shanghai";
const TICK = 15_000;
/** Below this the phone's clock is taken as it is (sync.md, 5). */
const NOT_COUNTED: ReadonlySet<string> = new Set(["refused", "conflict"]);
const NO_COUNTS: OutboxCounts = {
  unsent: 0, waiting: 0, aside: 0, held: 0, stranded: 0, done: 0, refused: 0, quarantined: 0, conflict: 0, to_see: 0,
  last_sent_at: null, oldest_unsent_at: null,
};

export type OutboxEntry = Pick<Sealed, "id" | "kind" | "state" | "code" | "occurred_at" | "effect">;
type Told =
  | { kind: "check"; payload: CheckPayload }
  | { kind: "visit"; payload: VisitPayload }
  | { kind: "arrival"; payload: ArrivalPayload };

export type NewEntry = Told & {
  /** Made when the form was opened, so that saved twice is saved once. */
  id: string;
  title: string;
  /** The draft it came from, and the form as it stood: undoing brings it back. */
  draft: string;
  form: DraftRow;
  /** Where undoing leads back to. */
  back: string;
  /** The instant of the fact, where it is not now. */
  at?: string;
};

export interface Kept {
  readonly refused: string | null;
  readonly alerts: readonly string[];
}

interface Undoable {
  readonly id: string;
  readonly title: string;
  readonly until: number;
  readonly back: string;
  readonly draft: string;
  readonly form: Json;
}

export interface DraftRow {
  readonly title: string;
  readonly form: object;
}

export const useWork = defineStore("work", () => {
  let store: Store | null = null;
  let engine: Engine | null = null;
  let isLoading = false;
  let isStale = false;
  const held = (): Store => {
    if (store === null) throw new StoreError("not-started");
    return store;
  };

  const state = shallowRef<StoreState | null>(null);
  const counts = shallowRef<OutboxCounts>(NO_COUNTS);
  const status = shallowRef<Status>(IDLE);
  const house = shallowRef<House>(EMPTY);
  const entries = shallowRef<Entry[]>([]);
  const fates = shallowRef<ReadonlyMap<string, string>>(new Map());
  const outbox = shallowRef<OutboxEntry[]>([]);
  const drafts = shallowRef<{ key: string; title: string; at: number }[]>([]);
  const undoable = shallowRef<Undoable | null>(null);
  const now = ref(Date.now());
  const isOnLine = ref(navigator.onLine);
  const isPersisted = ref(false);
  const usage = ref<number | null>(null);
  const quota = ref<number | null>(null);
  const storageFull = ref(false);
  const fault = ref("");
  const asked = shallowRef<{ code: string; name: string } | null>(null);
  const isReEnrolling = ref(false);
  const enrolTold = ref("");

  // Who and whether

  const phase = computed(() => {
    if (fault.value !== "") return "broken" as const;
    if (asked.value !== null) return "choose-pin" as const;
    if (isReEnrolling.value) return "new" as const;
    return state.value?.phase ?? ("new" as const);
  });
  const listState = computed(() => (state.value?.revoked ? ("revoked" as const) : (state.value?.list ?? "none")));
  const actorName = computed(() => state.value?.device?.actor.name ?? asked.value?.name ?? "");
  const deviceName = computed(() => state.value?.device?.name ?? "");
  const zone = computed(() => house.value.me?.zone ?? HOME_ZONE);
  const skew = computed(() => state.value?.skew_seconds ?? 0);
  const isClockOff = computed(() => isOff(skew.value));
  const offset = computed(() => offsetOf(skew.value));
  const isOffline = computed(() => !isOnLine.value || status.value.state === "offline");
  const waitUntil = computed(() => (status.value.state === "waiting" ? status.value.until : null));

  // What is held

  const day = computed<Day>(() => {
    const today = new Map<number | string, string>();
    const of = (at: number | string): string => {
      let known = today.get(at);
      if (known === undefined) today.set(at, (known = dayOf(at, zone.value)));
      return known;
    };
    return linesOf(house.value, counted.value, now.value, of);
  });
  const counted = computed(() => entries.value.filter((entry) => !NOT_COUNTED.has(fates.value.get(entry.id) ?? "")));
  const byHome = computed(() => {
    const { late, call, door, later, done } = day.value;
    return new Map([...late, ...call, ...door, ...later, ...done].map((line): [string, Line] => [line.key, line]));
  });
  const lineAt = (home: string): Line | undefined => byHome.value.get(home);

  function doorsOf(sweep: string): DoorLine[] {
    const own = new Map<string, { outcome: string; at: string }>();
    for (const entry of counted.value) {
      if (entry.kind === "visit") own.set(entry.payload.door, { outcome: entry.payload.outcome, at: entry.at });
    }
    return doorLines([...house.value.doors].filter(([, door]) => door.sweep === sweep), own);
  }

  // Beginning

  async function start(): Promise<void> {
    try {
      store = await openStore(NAME);
    } catch (error) {
      fault.value = codeOf(error);
      return;
    }
    engine = new Engine({ store, app: RELEASE });
    store.watchState(heardState);
    store.watchOutbox((told) => {
      counts.value = told;
      void readOutbox();
    });
    store.watchList(() => void read());
    engine.watch((told) => (status.value = told));
    state.value = await store.state();
    for (const name of ["online", "offline"]) window.addEventListener(name, () => (isOnLine.value = navigator.onLine));
    setInterval(tick, TICK);
    document.addEventListener("visibilitychange", tick);
    void lookAtStorage();
  }

  function heardState(told: StoreState): void {
    const was = state.value;
    state.value = told;
    tick();
    if (told.phase === "open" && was?.phase !== "open") engine?.start();
    if (told.phase !== "open" && was?.phase === "open") engine?.stop();
    if (told.phase !== was?.phase || told.list !== was?.list) void read();
  }

  function tick(): void {
    now.value = Date.now() + offset.value;
    const until = state.value?.shift_until;
    if (until && now.value >= Date.parse(until)) void store?.state().then(heardState);
  }

  /** One reading at a time; what changes meanwhile is read once more. */
  async function read(): Promise<void> {
    if (isLoading) {
      isStale = true;
      return;
    }
    isLoading = true;
    try {
      do {
        isStale = false;
        const [docs, marks] = [await held().documents(""), await held().marks("")];
        house.value = houseOf(docs.map(({ key, doc }) => [key, doc] as const));
        fates.value = new Map(marks.map((mark) => [mark.id, mark.state]));
        entries.value = marks.map((mark) => mark.value as unknown as Entry).sort((a, b) => (a.id < b.id ? -1 : 1));
      } while (isStale);
      await readOutbox();
      await readDrafts();
    } finally {
      isLoading = false;
    }
  }

  async function readOutbox(): Promise<void> {
    outbox.value = await held().entries(["waiting", "refused", "quarantined", "conflict", "aside"]);
  }

  async function readDrafts(): Promise<void> {
    const found = [];
    for (const { name, saved_at } of await held().drafts()) {
      const row = await held().loadDraft<Json>(name);
      if (row !== null) found.push({ key: name, title: (row as unknown as DraftRow).title, at: saved_at + offset.value });
    }
    drafts.value = found;
  }

  // Enrolment, PIN, shift. Each answers null, or the code of what went wrong.

  function ask(code: string, name: string): void {
    asked.value = { code, name };
  }

  async function enrol(pin: string): Promise<string | null> {
    if (asked.value === null) return "enrol-code-wrong";
    const { code, name } = asked.value;
    const refused = await told(() => held() && engine!.enrol(code, name, pin));
    asked.value = null;
    enrolTold.value = refused === null ? "" : sentence(refused);
    if (refused === null) {
      isReEnrolling.value = false;
      isPersisted.value = (await held().persist()) ?? false;
      engine?.start();
    }
    return refused;
  }

  async function unlock(pin: string): Promise<string | null> {
    const refused = await told(() => held().unlock(pin));
    if (refused === null) void held().persist().then((given) => (isPersisted.value = given ?? false));
    else heardState(await held().state()); // the watch tells it too, but later than the tries left are said
    return refused;
  }

  function lock(): void {
    undoable.value = null;
    held().lock();
  }

  /** Sends and fetches now. */
  async function refresh(): Promise<string | null> {
    await held().release();
    engine?.wake();
    const outcome = await engine?.sync();
    if (outcome === "done" || outcome === "nothing" || outcome === "idle") return null;
    return outcome === "elsewhere" || outcome === undefined ? null : status.value.code || outcome;
  }

  // Writing

  function alertsFor(payload: CheckPayload): Pack["alert"] & object {
    const { pack, facts } = judging(payload);
    return pack === null || facts === null ? [] : [...alertsOf(pack, facts, contextOf(pack, today()))];
  }

  function judging(payload: CheckPayload): { pack: Pack | null; facts: Facts | null } {
    const file = house.value.files.get(payload.file);
    if (house.value.pack === null || file === undefined || payload.outcome !== "done") return { pack: null, facts: null };
    const facts: Facts = {
      area: file.area,
      born: file.born || null,
      sex: file.sex || null,
      tags: file.tags,
      check: { temperature: payload.deci, symptoms: payload.symptoms },
    };
    return { pack: rulesOf(house.value.pack), facts };
  }

  async function record(entry: NewEntry): Promise<Kept> {
    const alerts = entry.kind === "check" ? alertsFor(entry.payload).map((alert) => alert.code) : [];
    const at = entry.at ?? new Date(Date.now() + offset.value).toISOString();
    const { kind, id, title, payload } = entry;
    const mark = { id, at, title, kind, payload, ...(kind === "check" ? { alerts } : {}) } as unknown as Json;
    const limits = await held().limits();
    const seconds = alerts.length > 0 ? 0 : limits.undo_seconds;
    const options = {
      id,
      zone: zone.value,
      revision: house.value.pack?.revision ?? null,
      hold: seconds,
      draft: entry.draft,
      mark: { key: `mine/${kind}`, value: mark, keepUntil: Date.now() + 24 * 3_600_000 },
      ...(entry.at === undefined ? {} : { occurredAt: new Date(Date.parse(entry.at) - offset.value) }),
    };
    try {
      const recorded = await held().record(kind, payload as never, options);
      await read();
      undoable.value =
        recorded.undo_until === null ? null : { id, title, until: recorded.undo_until, back: entry.back, draft: entry.draft, form: entry.form as unknown as Json };
      return { refused: null, alerts };
    } catch (error) {
      return { refused: codeOf(error), alerts: [] };
    }
  }

  /** Takes back the newest entry; its form comes back as a draft. Where to go, or null if it was too late. */
  async function undoLast(): Promise<string | null> {
    const last = undoable.value;
    undoable.value = null;
    if (last === null || !(await held().undo(last.id))) return null;
    await held().saveDraft(last.draft, last.form);
    await read();
    return last.back;
  }

  // Drafts

  async function draft<T>(key: string): Promise<T | null> {
    const row = await held().loadDraft<Json>(key);
    return row === null ? null : ((row as unknown as DraftRow).form as unknown as T);
  }

  async function keepDraft(key: string, title: string, form: object): Promise<void> {
    await held().saveDraft(key, { title, form } as unknown as Json);
    await readDrafts();
  }

  async function dropDraft(key: string): Promise<void> {
    await held().dropDraft(key);
    await readDrafts();
  }

  // Looking

  async function lookAtStorage(): Promise<void> {
    const space = await held().space();
    isPersisted.value = space.persisted ?? false;
    [usage.value, quota.value, storageFull.value] = [space.usage, space.quota, space.nearly_full];
  }

  async function seenAll(): Promise<void> {
    for (const one of outbox.value) if (one.state !== "waiting") await held().see(one.id);
    await read();
  }

  const today = (): string => dayOf(now.value, zone.value);
  const may = (permission: string): boolean => house.value.me?.permissions.includes(permission) ?? false;
  const alertOf = (code: string) => house.value.pack?.alerts.find((one) => one.code === code) ?? null;
  const sentOf = (id: string): boolean => ["done", "gone"].includes(fates.value.get(id) ?? "gone");

  return {
    phase, fault, listState, actorName, deviceName, zone, skew, isClockOff, isOffline, waitUntil, now,
    status, counts, house, entries, outbox, drafts, undoable, day, isPersisted, usage, quota, storageFull, isReEnrolling, enrolTold,
    lastSent: computed(() => (counts.value.last_sent_at === null ? null : counts.value.last_sent_at + offset.value)),
    shiftUntil: computed(() => state.value?.shift_until ?? null),
    pinTriesLeft: computed(() => state.value?.pin_tries_left ?? 0),
    pinWaitUntil: computed(() => state.value?.pin_wait_until ?? null),
    cut: computed(() => state.value?.cut.households ?? 0),
    losses: computed<Loss[]>(() => (state.value?.losses ?? []).filter((loss) => !loss.seen)),
    start, ask, enrol, unlock, lock, refresh, record, undoLast, draft, keepDraft, dropDraft, lookAtStorage, seenAll,
    seeLosses: () => held().seeLosses(),
    newId: () => held().newId(),
    lineAt, doorLines: doorsOf, may, alertOf, sentOf,
  };
});

/** The pack's rules as `@shouwang/rules` reads them. */
function rulesOf(doc: PackDoc): Pack {
  const { values, areas, symptoms, tags, alerts } = doc as PackDoc & { values?: unknown; areas?: unknown; tags?: unknown };
  return { ...doc, value: values, area: areas, symptom: symptoms, tag: tags, alert: alerts } as unknown as Pack;
}

async function told(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof StoreError ? error.code : "fault";
}
