/** On the home screen the app opens like any other, and browsers throw its data away less easily. */

import { ref } from "vue";

interface Prompt extends Event {
  prompt(): Promise<unknown>;
}

export const isInstallable = ref(false);
export const isInstalled = ref(matchMedia("(display-mode: standalone)").matches);
let held: Prompt | null = null;

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  held = event as Prompt;
  isInstallable.value = true;
});
window.addEventListener("appinstalled", () => {
  isInstalled.value = true;
});

export async function install(): Promise<void> {
  await held?.prompt();
  held = null;
  isInstallable.value = false;
}
