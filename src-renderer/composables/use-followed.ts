import { onScopeDispose, watch } from 'vue';
import { useSeriesStore } from '../stores/series.ts';

/** Keeps the curves of these runs complete while the component lives. */
export function useFollowed(runs: () => readonly string[]): ReturnType<typeof useSeriesStore> {
  const store = useSeriesStore();
  const stops = new Map<string, () => void>();
  watch(
    runs,
    (now) => {
      for (const run of now) if (!stops.has(run)) stops.set(run, store.follow(run));
      for (const [run, stop] of stops) {
        if (now.includes(run)) continue;
        stop();
        stops.delete(run);
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => stops.forEach((stop) => stop()));
  return store;
}
