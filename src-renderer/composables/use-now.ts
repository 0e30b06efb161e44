import { useIntervalFn } from '@vueuse/core';
import { ref, type Ref } from 'vue';

/** The present in milliseconds, moving on every ten seconds: enough for "12 min ago". */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now());
  useIntervalFn(() => (now.value = Date.now()), 10_000);
  return now;
}
