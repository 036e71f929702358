/** 规则 The pack's rules, as the telephone needs them: the same verdicts as `shouwang.packs` in Python. */
export { type Day, daysBetween, localDay, shifted } from "./days.ts";
