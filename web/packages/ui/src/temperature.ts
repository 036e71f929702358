/** 体温 Tenths of a degree, integers: 37.3 is 373, never a float. */

export const LOWEST = 300;
export const HIGHEST = 450;
/** Whole degrees offered when no likely value fits: two taps make a reading. */
export const WHOLE = [35, 36, 37, 38, 39, 40] as const;
/** What is offered at once where the pack names no likely values. */
export const LIKELY = [363, 365, 366, 368, 370] as const;

/** As it is read on a thermometer: 373 is "37.3". */
export function written(deci: number | null): string {
  return deci === null ? "" : `${Math.floor(deci / 10)}.${deci % 10}`;
}

/** One tenth up or down, held where a thermometer ends. */
export function stepped(deci: number, by: 1 | -1): number {
  return Math.min(HIGHEST, Math.max(LOWEST, deci + by));
}

export function isPossible(deci: number | null): boolean {
  return deci === null || (Number.isInteger(deci) && deci >= LOWEST && deci <= HIGHEST);
}
