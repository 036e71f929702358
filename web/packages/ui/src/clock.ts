/** 时钟 How far the phone's clock is off: the server's time less the phone's, as it was when they last spoke. */

/** Beyond so many minutes a person should be told (`[field] clock-flag-minutes`). */
export const FLAG_MINUTES = 5;

/** Whether a clock that many seconds away from the server's is off; one that never was compared is taken as right. */
export function isOff(skewSeconds: number | null, minutes: number = FLAG_MINUTES): boolean {
  return Math.abs(skewSeconds ?? 0) > minutes * 60;
}

/**
 * Milliseconds to add to the phone's clock before a time is shown or a day is chosen. A clock that is right enough
 * is believed as it is, as the server believes it.
 */
export function offsetOf(skewSeconds: number | null, minutes: number = FLAG_MINUTES): number {
  return skewSeconds !== null && isOff(skewSeconds, minutes) ? skewSeconds * 1000 : 0;
}
