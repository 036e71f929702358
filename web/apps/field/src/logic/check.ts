/** 检查 The form of one check: what it begins with, when it may be saved, and the command it makes. */

import type { Due, FileDoc } from "../documents.ts";
import type { CheckPayload } from "./entries.ts";

/** Channels where nobody of ours stands beside the thermometer. */
export const REMOTE: ReadonlySet<string> = new Set(["phone", "video", "chat", "self"]);
export const OUTCOMES = ["done", "not-home", "refused", "unreachable"] as const;
export const THERMOMETERS = ["mercury", "electronic", "ear", "forehead"] as const;
const WITNESSES = ["worker", "family", "nobody"] as const;

export interface CheckForm {
  outcome: string;
  deci: number | null;
  isUnmeasured: boolean;
  symptoms: string[];
  /** "None" was answered: nobody saves a check without having asked. */
  isWell: boolean;
  channel: string;
  seen: string;
  roles: string[];
  note: string;
  thermometer: string;
  witness: string;
  photo: string;
  reason: string;
}

export function freshCheck(file: Pick<FileDoc, "channels">, next: Due | null): CheckForm {
  return {
    outcome: "done",
    deci: null,
    isUnmeasured: false,
    symptoms: [],
    isWell: false,
    channel: next?.channel || file.channels[0] || "visit",
    seen: "person",
    roles: [],
    note: "",
    thermometer: "",
    witness: "",
    photo: "",
    reason: "",
  };
}

export function formOf(payload: CheckPayload): CheckForm {
  return {
    outcome: payload.outcome,
    deci: payload.deci,
    isUnmeasured: payload.outcome === "done" && payload.deci === null,
    symptoms: [...payload.symptoms],
    isWell: payload.outcome === "done" && payload.symptoms.length === 0,
    channel: payload.channel,
    seen: payload.seen === "nobody" ? "person" : payload.seen,
    roles: [...payload.roles],
    note: payload.note,
    thermometer: payload.thermometer,
    witness: payload.witness,
    photo: payload.photo_seen === null ? "" : payload.photo_seen ? "yes" : "no",
    reason: payload.reason,
  };
}

/** What is still unanswered, in the order of the form; null where it may be saved. */
export function missing(form: CheckForm): "temperature" | "symptoms" | null {
  if (form.outcome !== "done") return null;
  if (form.deci === null && !form.isUnmeasured) return "temperature";
  return form.symptoms.length === 0 && !form.isWell ? "symptoms" : null;
}

/** By telephone no worker sees a thermometer (`witness-impossible`). */
export function witnessesFor(channel: string): readonly string[] {
  return channel === "video" ? WITNESSES : WITNESSES.filter((one) => one !== "worker");
}

export function asksRemote(file: Pick<FileDoc, "remote">, form: CheckForm): boolean {
  return file.remote && form.outcome === "done" && REMOTE.has(form.channel);
}

export function payloadOf(file: Pick<FileDoc, "id" | "remote">, form: CheckForm, corrects: string | null = null): CheckPayload {
  const done = form.outcome === "done";
  const remote = asksRemote(file, form);
  const witness = remote && witnessesFor(form.channel).includes(form.witness) ? form.witness : "";
  return {
    file: file.id,
    channel: form.channel,
    outcome: form.outcome,
    deci: done ? form.deci : null,
    symptoms: done ? [...form.symptoms] : [],
    seen: done ? form.seen : "nobody",
    roles: done ? [...form.roles] : [],
    note: form.note.trim(),
    thermometer: remote ? form.thermometer : "",
    witness,
    photo_seen: remote && form.photo !== "" ? form.photo === "yes" : null,
    corrects,
    reason: corrects === null ? "" : form.reason.trim(),
  };
}
