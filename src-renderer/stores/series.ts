import { defineStore } from 'pinia';
import { computed, reactive, shallowReactive, watch } from 'vue';
import { toErrorData, type ErrorData } from '#shared/base/errors.ts';
import { host } from '../client/index.ts';
import { useRunsStore } from './runs.ts';

/**
 * Which series runs have, and which runs have news. No points are kept: each chart asks the host for what it draws, so that
 * the window's memory does not grow with a run. Of a thousand pushes a second a chart hears once per frame.
 */
export const useSeriesStore = defineStore('series', () => {
  const names = shallowReactive(new Map<string, readonly string[]>());
  const errors = reactive(new Map<string, ErrorData>());
  const asked = new Set<string>();
  const listeners = new Set<(run: string | null) => void>();
  const fresh = new Set<string>();
  let frame = 0;

  function tell(run: string | null): void {
    for (const listener of [...listeners]) listener(run);
  }

  function mark(run: string): void {
    fresh.add(run);
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      const runs = [...fresh];
      fresh.clear();
      runs.forEach(tell);
    });
  }

  /** Learns the names of runs that are not known yet, or all of them again. */
  async function load(runs: readonly string[], again = false): Promise<void> {
    const wanted = runs.filter((run) => again || !asked.has(run));
    if (wanted.length === 0) return;
    for (const run of wanted) asked.add(run);
    try {
      for (const { run, series } of await host.call.run.seriesNames({ runs: wanted })) {
        names.set(run, series);
        errors.delete(run);
      }
    } catch (failure) {
      for (const run of wanted) {
        asked.delete(run);
        errors.set(run, toErrorData(failure));
      }
    }
  }

  host.subscribe('metrics', ({ run, points }) => {
    const known = names.get(run);
    if (known) {
      const all = new Set([...known, ...points.map(({ series }) => series)]);
      if (all.size > known.length) names.set(run, [...all].toSorted());
    }
    mark(run);
  });
  // A resumed run forgets the points after its checkpoint; only the host knows which.
  const runs = useRunsStore();
  const states = computed(() => new Map([...names.keys()].map((id) => [id, runs.byId.get(id)?.status])));
  watch(states, (now, before) => {
    const changed = [...now.keys()].filter((run) => before.has(run) && before.get(run) !== now.get(run));
    if (changed.length === 0) return;
    void load(changed, true);
    changed.forEach(mark);
  });
  host.onState((state) => {
    if (state !== 'open') return;
    void load([...asked], true);
    tell(null);
  });

  return {
    names,
    errors,
    load,
    /** Calls back with a run that has new points, at most once per frame each; with null when any may have. */
    onNews(listener: (run: string | null) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
});
