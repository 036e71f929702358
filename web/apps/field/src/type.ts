/** 字号 Large type, for eyes and for sunlight. */

import { ref } from "vue";

import { keepSetting, keptSetting } from "./words.ts";

const KEPT = "shouwang.type";
export const TYPES = ["normal", "large", "largest"] as const;
export type Type = (typeof TYPES)[number];
export const type = ref<Type>(TYPES.find((one) => one === keptSetting(KEPT)) ?? "normal");

export function applyType(): void {
  document.documentElement.dataset.type = type.value;
}

export function chooseType(chosen: Type): void {
  type.value = chosen;
  keepSetting(KEPT, chosen);
  applyType();
}
