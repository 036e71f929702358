/** 到达 The form of one arrival; in the same vehicle only what differs is typed again. */

import type { ArrivalPayload } from "./entries.ts";

export interface ArrivalForm {
  name: string;
  plate: string;
  from: string;
  area: string;
  areaName: string;
  address: string;
  telephone: string;
  deci: number | null;
  isUnmeasured: boolean;
  symptoms: string;
}

export function freshArrival(area: string, areaName: string): ArrivalForm {
  return { name: "", plate: "", from: "", area, areaName, address: "", telephone: "", deci: null, isUnmeasured: false, symptoms: "" };
}

export function arrivalFormOf(payload: ArrivalPayload): ArrivalForm {
  const { name, plate, from, area, address, telephone, deci, symptoms } = payload;
  return { name, plate, from, area, areaName: "", address, telephone, deci, isUnmeasured: deci === null, symptoms };
}

/** The next person of the same vehicle: from, to and plate stay. */
export function sameVehicle(form: ArrivalForm): ArrivalForm {
  return { ...form, name: "", telephone: "", deci: null, isUnmeasured: false, symptoms: "" };
}

export function isArrivalReady(form: ArrivalForm): boolean {
  return (form.name.trim() !== "" || form.plate.trim() !== "") && form.from.trim() !== "" && form.area !== "";
}

export function arrivalOf(post: string, form: ArrivalForm, corrects: string | null = null, reason = ""): ArrivalPayload {
  return {
    post,
    area: form.area,
    name: form.name.trim(),
    from: form.from.trim(),
    telephone: form.telephone.trim(),
    plate: form.plate.trim().toUpperCase(),
    address: form.address.trim(),
    deci: form.deci,
    symptoms: form.symptoms.trim(),
    corrects,
    reason: corrects === null ? "" : reason.trim(),
  };
}

/** Places whose name holds every word typed, those that begin with it first; short names before long ones. */
export function findPlaces<T extends { readonly name: string; readonly full: string }>(places: Iterable<T>, typed: string, most = 12): T[] {
  const parts = typed.trim().toLowerCase().split(/\s+/).filter((part) => part !== "");
  if (parts.length === 0) return [];
  const found: { place: T; rank: number }[] = [];
  for (const place of places) {
    const [name, full] = [place.name.toLowerCase(), place.full.toLowerCase()];
    if (!parts.every((part) => full.includes(part) || name.includes(part))) continue;
    const first = parts[0] ?? "";
    found.push({ place, rank: name.startsWith(first) ? 0 : name.includes(first) ? 1 : 2 });
  }
  return found
    .sort((a, b) => a.rank - b.rank || a.place.full.length - b.place.full.length || (a.place.full < b.place.full ? -1 : 1))
    .slice(0, most)
    .map(({ place }) => place);
}
