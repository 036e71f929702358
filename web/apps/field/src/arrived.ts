/** 登记码 The code of a link that was opened: `/field/#enrol=CODE`. */

import { ref } from "vue";

export const arrivedCode = ref("");

/** The code in a link or as it stands; "" where there is none. */
export function codeIn(text: string): string {
  const found = /enrol=([^&\s]+)/.exec(text);
  const plain = (found?.[1] ?? text).replace(/[\s-]/g, "").toUpperCase();
  return /^[0-9A-Z]{8,16}$/.test(plain) ? plain : "";
}
