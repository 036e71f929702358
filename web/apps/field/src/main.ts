import "./app.css";

import { createPinia } from "pinia";
import { createApp } from "vue";

import { isWeChat } from "@shouwang/ui/wechat";
import { firstLocale, speak, words } from "./words.ts";

async function begin(): Promise<void> {
  await speak(firstLocale()).catch(() => speak("zh-Hans"));
  if (isWeChat()) {
    const { default: Elsewhere } = await import("./screens/Elsewhere.vue");
    createApp(Elsewhere).use(words).mount("#app"); // nothing else is loaded: no database, no worker
    return;
  }
  const { default: App } = await import("./App.vue");
  const { router } = await import("./router.ts");
  const app = createApp(App).use(createPinia()).use(words);
  const { useWork } = await import("./work.ts");
  await useWork().start();
  app.use(router).mount("#app");
  const { watchForUpdates } = await import("./update.ts");
  watchForUpdates();
}

void begin();
