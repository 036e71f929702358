/** Addresses stay behind the # : the server never sees which household somebody looks at. */

import { createRouter, createWebHashHistory } from "vue-router";

import { arrivedCode } from "./arrived.ts";
import Today from "./screens/Today.vue";

export const router = createRouter({
  history: createWebHashHistory("/field/"),
  routes: [
    { path: "/", redirect: "/today" },
    {
      path: "/enrol=:code",
      redirect: (to) => {
        arrivedCode.value = String(to.params.code); // a code is used once, and does not stay in the address
        return "/today";
      },
    },
    { path: "/today", name: "today", component: Today, meta: { tab: true } },
    { path: "/map", name: "map", component: () => import("./screens/Around.vue") },
    { path: "/home/:home(.*)", name: "home", component: () => import("./screens/Home.vue"), props: true },
    { path: "/check/:file", name: "check", component: () => import("./screens/Check.vue"), props: true, meta: { form: true } },
    { path: "/alarm/:entry", name: "alarm", component: () => import("./screens/Alarm.vue"), props: true },
    { path: "/doors", name: "doors", component: () => import("./screens/Doors.vue"), meta: { tab: true } },
    { path: "/door/:door", name: "door", component: () => import("./screens/Door.vue"), props: true, meta: { form: true } },
    { path: "/post", name: "post", component: () => import("./screens/Post.vue"), meta: { tab: true, form: true } },
    { path: "/me", name: "me", component: () => import("./screens/Me.vue"), meta: { tab: true } },
    { path: "/correct/:entry", name: "correct", component: () => import("./screens/Correct.vue"), props: true, meta: { form: true } },
    { path: "/:rest(.*)", redirect: "/today" },
  ],
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
});

/** Where somebody is going; a screen that is opened for the first time takes a moment to come. */
let wanted = "";
const stays = (to: { fullPath: string }): void => {
  if (to.fullPath === wanted) wanted = router.currentRoute.value.fullPath;
};
router.beforeEach((to) => void (wanted = to.fullPath));
router.afterEach((to, _from, failure) => {
  if (failure) stays(to);
});
router.onError((_error, to) => stays(to));

/** Whether somebody is at this address and not on the way to another: else what was saved must not take them along. */
export const isStaying = (at: string): boolean => wanted === at;
