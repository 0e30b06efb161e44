import { defineStore } from 'pinia';
import { computed, onScopeDispose } from 'vue';
import { toErrorData } from '#shared/base/errors.ts';
import type { RunSummary } from '#shared/run/record.ts';
import { isLive } from '#shared/run/status.ts';
import { host } from '../client/index.ts';
import { createRefresher } from '../composables/refresher.ts';
import { useQuery } from '../composables/use-query.ts';

/** All runs, newest first. A hint about one run asks for that run alone: there may be ten thousand others. */
export const useRunsStore = defineStore('runs', () => {
  const query = useQuery<RunSummary[]>({
    initial: [],
    load: async () => sorted(await host.call.run.list({})),
  });
  const byId = computed(() => new Map(query.data.value.map((run) => [run.id, run])));
  const live = computed(() => query.data.value.filter((run) => isLive(run.status)));

  const dirty = new Set<string>();
  const refresher = createRefresher(
    async () => {
      const ids = [...dirty];
      dirty.clear();
      await Promise.all(ids.map(refreshOne));
    },
    { quietMs: 100, ceilingMs: 1000 },
  );

  async function refreshOne(id: string): Promise<void> {
    try {
      put((await host.call.run.get({ run: id })).summary);
    } catch (error) {
      // Another window, or the command line, deleted it.
      if (toErrorData(error).code === 'not-found') drop(id);
    }
  }

  /** Takes over what a call answered, without waiting for the push. */
  function put(summary: RunSummary): void {
    const known = byId.value.has(summary.id);
    query.data.value = known
      ? query.data.value.map((run) => (run.id === summary.id ? summary : run))
      : sorted([...query.data.value, summary]);
  }

  function drop(id: string): void {
    query.data.value = query.data.value.filter((run) => run.id !== id);
  }

  function touch(id: string): void {
    dirty.add(id);
    refresher.hint();
  }

  const stops = [
    host.subscribe('runs-changed', ({ run }) => (run === null ? query.hint() : touch(run))),
    host.subscribe('metrics', ({ run }) => touch(run)),
  ];
  onScopeDispose(() => {
    refresher.stop();
    stops.forEach((stop) => stop());
  });
  return { ...query, byId, live, put, drop };
});

function sorted(runs: RunSummary[]): RunSummary[] {
  return runs.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
}
