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
      const answers = await Promise.all(ids.map(ask));
      put(...answers.flatMap((answer) => answer ?? []));
    },
    { quietMs: 100, ceilingMs: 1000 },
  );

  async function ask(id: string): Promise<RunSummary | null> {
    try {
      return (await host.call.run.get({ run: id })).summary;
    } catch (error) {
      // Another window, or the command line, deleted it.
      if (toErrorData(error).code === 'not-found') drop(id);
      return null;
    }
  }

  /** Takes over what a call answered, without waiting for the push. */
  function put(...summaries: RunSummary[]): void {
    if (summaries.length === 0) return;
    const fresh = new Map(summaries.map((run) => [run.id, run]));
    const kept = query.data.value.map((run) => {
      const next = fresh.get(run.id);
      fresh.delete(run.id);
      return next ?? run;
    });
    query.data.value = fresh.size > 0 ? sorted([...kept, ...fresh.values()]) : kept;
  }

  function drop(...ids: string[]): void {
    const gone = new Set(ids);
    query.data.value = query.data.value.filter((run) => !gone.has(run.id));
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
