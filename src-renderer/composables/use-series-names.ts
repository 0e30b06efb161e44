import { computed, watch, type ComputedRef } from 'vue';
import type { ErrorData } from '#shared/base/errors.ts';
import { useSeriesStore } from '../stores/series.ts';

/** The names of all series that any of these runs has. */
export function useSeriesNames(runs: () => readonly string[]): {
  names: ComputedRef<string[]>;
  loading: ComputedRef<boolean>;
  error: ComputedRef<ErrorData | null>;
  retry(): void;
} {
  const store = useSeriesStore();
  watch(runs, (now) => void store.load(now), { immediate: true });
  return {
    names: computed(() => [...new Set(runs().flatMap((run) => store.names.get(run) ?? []))]),
    loading: computed(() => runs().some((run) => !store.names.has(run) && !store.errors.has(run))),
    error: computed(() => runs().flatMap((run) => store.errors.get(run) ?? [])[0] ?? null),
    retry: () => void store.load(runs(), true),
  };
}
