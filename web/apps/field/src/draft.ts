/** 草稿 A form in progress is kept at each tap, encrypted: a phone that dies in the middle loses nothing typed. */

import { computed, reactive, ref, shallowReactive, toRaw, watch } from "vue";

import { useWork } from "./work.ts";

const dirty = shallowReactive(new Set<string>());
/** True while some form holds something that is not saved. */
export const isFormOpen = computed(() => dirty.size > 0);
const WAIT = 150;

/**
 * The form under `key`, begun from `fresh`, or from what was left of it. `ready` is false until that is known.
 * `title` says in a list of unfinished forms whose it is.
 */
export function useDraft<T extends object>(key: string, fresh: () => T, title: () => string) {
  const work = useWork();
  const form = reactive(fresh()) as T;
  const isReady = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  void work.draft<T>(key).then((kept) => {
    if (kept !== null) {
      Object.assign(form, kept);
      dirty.add(key);
    }
    isReady.value = true;
    watch(form, keep, { deep: true });
  });

  function keep(): void {
    if (isOver) return;
    dirty.add(key);
    clearTimeout(timer);
    timer = setTimeout(() => void write(), WAIT);
  }

  async function write(): Promise<void> {
    if (isOver) return;
    await work.keepDraft(key, title(), JSON.parse(JSON.stringify(toRaw(form))) as T).catch(() => undefined);
  }

  /** The form was saved (the record deletes the draft itself) or thrown away. */
  function close(): void {
    isOver = true;
    clearTimeout(timer);
    dirty.delete(key);
  }

  async function drop(): Promise<void> {
    close();
    await work.dropDraft(key);
  }

  /** Begin again with an empty form under the same key. */
  function again(next: T): void {
    clearTimeout(timer);
    dirty.delete(key);
    isOver = true;
    Object.assign(form, next);
    queueMicrotask(() => (isOver = false));
  }

  /** Left without saving: what was typed stays as a draft. */
  function leave(): void {
    if (!isOver && dirty.has(key)) void write();
    dirty.delete(key);
    clearTimeout(timer);
  }

  return { form, isReady, close, drop, again, leave };
}
