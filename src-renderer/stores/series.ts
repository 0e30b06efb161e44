import { defineStore } from 'pinia';
import { computed, reactive, watch } from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import type { Series } from '#shared/run/record.ts';
import { host } from '../client/index.ts';
import { LiveRun } from './live-run.ts';
import { useRunsStore } from './runs.ts';

interface Followed {
  live: LiveRun;
  followers: number;
  status: { version: number; loaded: boolean; error: ErrorData | null };
}

const NO_SERIES: ReadonlyMap<string, Series> = new Map();

/**
 * Curves of the runs that somebody looks at. The columns are plain arrays, grown in place; `version` is what a view
 * depends on, and it moves at most once per frame, however many batches arrive.
 */
export const useSeriesStore = defineStore('series', () => {
  const followed = new Map<string, Followed>();
  const status = reactive(new Map<string, Followed['status']>());
  const changed = new Set<string>();
  let frame = 0;

  function mark(run: string): void {
    changed.add(run);
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      for (const id of changed) {
        const entry = status.get(id);
        if (entry) entry.version++;
      }
      changed.clear();
    });
  }

  /** Keeps a run's curves complete until the returned function is called. */
  function follow(run: string): () => void {
    let entry = followed.get(run);
    if (!entry) {
      const live = new LiveRun(
        () => host.call.run.series({ run }),
        () => mark(run),
      );
      entry = { live, followers: 0, status: { version: 0, loaded: false, error: null } };
      followed.set(run, entry);
      status.set(run, entry.status);
      void load(run);
    }
    entry.followers++;
    return () => {
      if (--entry.followers > 0) return;
      followed.delete(run);
      status.delete(run);
    };
  }

  async function load(run: string): Promise<void> {
    const entry = followed.get(run);
    const view = status.get(run);
    if (!entry || !view) return;
    try {
      await entry.live.load();
      view.error = null;
      view.loaded = true;
    } catch (error) {
      view.error = toErrorData(error);
    }
  }

  /** The run's series now. Reading it makes the caller depend on its changes. */
  function of(run: string): ReadonlyMap<string, Series> {
    const version = status.get(run)?.version;
    return version === undefined ? NO_SERIES : (followed.get(run)?.live.series ?? NO_SERIES);
  }

  host.subscribe('metrics', (batch) => followed.get(batch.run)?.live.accept(batch));
  // A resumed run forgets the points after its checkpoint; only the host knows which.
  const runs = useRunsStore();
  const states = computed(() => new Map([...status.keys()].map((id) => [id, runs.byId.get(id)?.status])));
  watch(states, (now, before) => {
    for (const [run, state] of now) {
      if (before.get(run) !== undefined && before.get(run) !== state) void load(run);
    }
  });
  host.onState((state) => {
    if (state === 'open') for (const run of followed.keys()) void load(run);
  });

  return { follow, of, status, load };
});
