/** Local calendar days as ISO text ("2020-02-05"): they compare as text, and no zone ever touches them. */

/** A local calendar day, "YYYY-MM-DD", from year 1 to 9999. */
export type Day = string;

const MILLISECONDS = 86_400_000;
const FIRST = "0001-01-01";
const LAST = "9999-12-31";
/** Making a format takes longer than using it a hundred times; a list asks it for each duty. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** `day` + `days`, held inside the calendar. */
export function shifted(day: Day, days: number): Day {
  const at = new Date(`${day}T00:00:00Z`).getTime() + days * MILLISECONDS;
  if (at <= Date.parse(`${FIRST}T00:00:00Z`)) return FIRST;
  if (at >= Date.parse(`${LAST}T00:00:00Z`)) return LAST;
  return new Date(at).toISOString().slice(0, 10);
}

/** Whole days from `earlier` to `later`; negative when it is the other way round. */
export function daysBetween(earlier: Day, later: Day): number {
  return (Date.parse(`${later}T00:00:00Z`) - Date.parse(`${earlier}T00:00:00Z`)) / MILLISECONDS;
}

/** Which local day an instant belongs to in an IANA zone. */
export function localDay(instant: Date, zone: string): Day {
  let format = formats.get(zone);
  if (format === undefined) {
    const how = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
    formats.set(zone, (format = new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", how)));
  }
  const parts = format.formatToParts(instant);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}
