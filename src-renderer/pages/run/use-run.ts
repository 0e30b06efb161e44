import { onScopeDispose, computed, shallowRef, watch } from 'vue';
import type { RunEvent } from '#shared/run/record.ts';
import { host } from '../../client/index.ts';
import { useQuery } from '../../composables/use-query.ts';
import { useSeriesNames } from '../../composables/use-series-names.ts';
import { useRunsStore } from '../../stores/runs.ts';

/** Everything about one run, kept current: the record, the names of its curves and its journal. */
export function useRun(id: string) {
  const runs = useRunsStore();
  const series = useSeriesNames(() => [id]);
  const detail = useQuery({ initial: null, load: () => host.call.run.get({ run: id }) });
  const journal = useQuery({ initial: [], load: () => host.call.run.events({ run: id }) });
  /** Lines pushed since the journal was last read. */
  const fresh = shallowRef<RunEvent[]>([]);

  const summary = computed(() => runs.byId.get(id) ?? detail.data.value?.summary);
  const events = computed(() => {
    const known = new Set(journal.data.value.map((event) => `${event.at} ${event.message}`));
    return [
      ...journal.data.value,
      ...fresh.value.filter((event) => !known.has(`${event.at} ${event.message}`)),
    ];
  });

  // A new epoch brings checkpoints; a new state, all of it.
  watch(
    () => `${summary.value?.status} ${summary.value?.epochsDone}`,
    (_now, before) => {
      if (before.startsWith('undefined')) return;
      detail.hint();
    },
  );
  const stops = [
    host.subscribe('run-log', ({ run, ...event }) => {
      if (run === id) fresh.value = [...fresh.value, event].slice(-2000);
    }),
    host.subscribe('runs-changed', ({ run }) => {
      if (run === id) detail.hint();
    }),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
  return { summary, detail, events, journal, series };
}
