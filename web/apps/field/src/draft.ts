/** 草稿 A form in progress is kept at each tap, encrypted: a phone that dies in the middle loses nothing typed. */

import { computed, nextTick, reactive, ref, shallowReactive, toRaw, watch } from "vue";

import { useWork } from "./work.ts";

const dirty = shallowReactive(new Set<string>());
/** True while some form holds something that is not saved. */
export const isFormOpen = computed(() => dirty.size > 0);

/**
 * The form under `key`, begun from `fresh`, or from what was left of it. `ready` is false until that is known.
 * `title` says in a list of unfinished forms whose it is.
 */
export function useDraft<T extends object>(key: string, fresh: () => T, title: () => string) {
  const work = useWork();
  const form = reactive(fresh()) as T;
  const isReady = ref(false);
  let writing: Promise<void> | null = null;
  let isBehind = false;
  let isHeld = false;

  void work.draft<T>(key).then((kept) => {
    if (kept !== null) {
      Object.assign(form, kept);
      dirty.add(key);
    }
    isReady.value = true;
    watch(form, keep, { deep: true });
  });

  /** At once, one write at a time; what changes meanwhile is written after it. */
  function keep(): void {
    if (isHeld) return;
    dirty.add(key);
    if (writing !== null) {
      isBehind = true;
      return;
    }
    const now = row();
    writing = work
      .keepDraft(key, now.title, now.form)
      .catch(() => undefined)
      .finally(() => {
        writing = null;
        if (isBehind) {
          isBehind = false;
          keep();
        }
      });
  }

  function row(): { title: string; form: T } {
    return { title: title(), form: JSON.parse(JSON.stringify(toRaw(form))) as T };
  }

  /** Before saving: nothing is written any more, and what is being written is done. Gives the form as it stands. */
  async function hold(): Promise<{ title: string; form: T }> {
    isHeld = true;
    await writing;
    return row();
  }

  /** It could not be saved: the form goes on, and is kept again. */
  function resume(): void {
    isHeld = false;
    keep();
  }

  /** The form was saved; the record took its draft away. */
  function close(): void {
    isHeld = true;
    dirty.delete(key);
  }

  /** Begin again with another form under the same key. */
  function again(next: T): void {
    close();
    Object.assign(form, next);
    void nextTick(() => (isHeld = false));
  }

  /** Left without saving: what was typed stays as a draft. */
  function leave(): void {
    dirty.delete(key);
    isHeld = true;
  }

  return { form, isReady, hold, resume, close, again, leave };
}
