/** 排查 The form of one door. */

import type { DoorDoc } from "../documents.ts";
import type { Found, VisitPayload } from "./entries.ts";

export const DOOR_OUTCOMES = ["met", "not-home", "refused", "vacant", "cannot-locate", "moved"] as const;

export interface DoorForm {
  outcome: string;
  people: number;
  named: string[];
  found: Found[];
  note: string;
}

export function freshDoor(): DoorForm {
  return { outcome: "", people: 0, named: [], found: [], note: "" };
}

export function doorFormOf(payload: VisitPayload): DoorForm {
  const { outcome, people, named, found, note } = payload;
  return { outcome, people, named: [...named], found: found.map((one) => ({ ...one })), note };
}

export function freshFound(): Found {
  return { name: "", id_no: "", telephone: "", sex: "", relation: "", note: "" };
}

export function isToldOf(found: Found): boolean {
  return [found.name, found.id_no, found.telephone, found.note].some((text) => text.trim() !== "");
}

/** People met are at least those ticked by name and those found. */
export function leastPeople(form: DoorForm): number {
  return form.named.length + form.found.filter(isToldOf).length;
}

export function isDoorReady(form: DoorForm): boolean {
  return form.outcome !== "" && (form.outcome !== "met" || form.people >= Math.max(1, leastPeople(form)));
}

export function visitOf(door: Pick<DoorDoc, "id" | "sweep">, form: DoorForm, corrects: string | null = null, reason = ""): VisitPayload {
  const met = form.outcome === "met";
  return {
    sweep: door.sweep,
    door: door.id,
    outcome: form.outcome,
    people: met ? Math.max(form.people, leastPeople(form)) : 0,
    named: met ? [...form.named] : [],
    found: met ? form.found.filter(isToldOf).map((one) => ({ ...one })) : [],
    note: form.note.trim(),
    corrects,
    reason: corrects === null ? "" : reason.trim(),
  };
}

/** The doors of a round as they stand with what this phone wrote; those left first, in walking order. */
export interface DoorLine {
  readonly key: string;
  readonly door: DoorDoc;
  readonly outcome: string | null;
  readonly at: string | null;
  /** Nobody was met: the door is tried again. */
  readonly isLeft: boolean;
}

const SETTLED: ReadonlySet<string> = new Set(["met", "vacant", "moved"]);

export function doorLines(
  doors: Iterable<readonly [string, DoorDoc]>,
  own: ReadonlyMap<string, { readonly outcome: string; readonly at: string }>,
): DoorLine[] {
  const lines = [...doors].map(([key, door]): DoorLine => {
    const mine = own.get(key);
    const outcome = mine?.outcome ?? door.outcome;
    return { key, door, outcome, at: mine?.at ?? door.visited_at, isLeft: outcome === null || !SETTLED.has(outcome) };
  });
  const rank = (line: DoorLine): number => (line.outcome === null ? 0 : line.isLeft ? 1 : 2);
  return lines.sort((a, b) => rank(a) - rank(b) || a.door.order - b.door.order || a.door.number - b.door.number);
}
