/** 时钟 How far the phone's clock is off: the server's time less the phone's, as it was when the server spoke. */

/** Beyond so many minutes a person should be told (`[field] clock-flag-minutes`). */
export const FLAG_MINUTES = 5;

/**
 * Seconds to add to the phone's clock, from one answer of the server. The server spoke between sending and
 * receiving, and half of that time is the best guess; `spread` says how far the guess may be wrong.
 */
export function skewOf(answer: { serverTime: string; sentAt: number; receivedAt: number }): Skew | null {
  const server = Date.parse(answer.serverTime);
  const spread = (answer.receivedAt - answer.sentAt) / 2000;
  if (Number.isNaN(server) || spread < 0) return null; // the phone's clock was set back meanwhile: it says nothing
  return { seconds: Math.round((server - answer.sentAt) / 1000 - spread), spread };
}

export interface Skew {
  readonly seconds: number;
  readonly spread: number;
}

/** Whether the clock is surely off by more than the flag: a slow answer alone never says so. */
export function isOff(skew: Skew, minutes: number = FLAG_MINUTES): boolean {
  return Math.abs(skew.seconds) - skew.spread > minutes * 60;
}

/** The time that the server would tell now. */
export function toldTime(now: number, skew: Skew): Date {
  return new Date(now + skew.seconds * 1000);
}
