/** 更新 A new release waits until somebody says yes, and is never offered in the middle of a form. */

import { ref } from "vue";

/** True while a newer release lies ready on the phone. */
export const isUpdateReady = ref(false);
/** Another tab took the release: this one is loaded again as soon as no form is open. */
export const isReloadDue = ref(false);
const HOUR = 3_600_000;
let waiting: ServiceWorker | null = null;

export function watchForUpdates(): void {
  if (!("serviceWorker" in navigator)) return;
  let had = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (had) isReloadDue.value = true;
    had = true;
  });
  void navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" }).then((registration) => {
    offer(registration);
    registration.addEventListener("updatefound", () => {
      const fresh = registration.installing;
      fresh?.addEventListener("statechange", () => {
        if (fresh.state === "installed") offer(registration);
      });
    });
    setInterval(() => void registration.update().catch(() => undefined), HOUR);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void registration.update().catch(() => undefined);
    });
  }, () => undefined);
}

/** Take the new release; every tab is loaded again by it. */
export function takeUpdate(): void {
  if (waiting === null) location.reload();
  else waiting.postMessage({ type: "SKIP_WAITING" });
}

function offer(registration: ServiceWorkerRegistration): void {
  if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
  waiting = registration.waiting;
  isUpdateReady.value = true;
}
