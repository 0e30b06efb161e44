import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { RunFields, RunValue } from '#shared/contract/api/run.ts';
import { CONFIG_PREFIX, METRIC_PREFIX, type LookUp } from '#shared/run/filter/fields.ts';
import { host } from '../client/index.ts';
import { createRefresher } from '../composables/refresher.ts';
import { useRunsStore } from './runs.ts';

/**
 * Values of runs that are not in their summaries: fields of configurations, which never change, and last values of
 * series, which are asked again for the runs that have news.
 */
export const useRunValuesStore = defineStore('run-values', () => {
  const runs = useRunsStore();
  const columns = shallowRef<ReadonlyMap<string, ReadonlyMap<string, RunValue>>>(new Map());
  const fields = shallowRef<RunFields | null>(null);
  /** What is being looked for, and has to be kept up to date. */
  const wanted = shallowRef<readonly string[]>([]);
  const names = computed(() =>
    fields.value === null
      ? undefined
      : new Set([
          ...fields.value.config.map(({ path }) => `${CONFIG_PREFIX}${path}`),
          ...fields.value.metrics.map((name) => `${METRIC_PREFIX}${name}`),
        ]),
  );
  const lookUp: LookUp = (field, run) => columns.value.get(field)?.get(run) ?? null;

  /** Asks which fields there are; again, when runs came since. */
  async function loadFields(): Promise<void> {
    try {
      fields.value = await host.call.run.fields({});
    } catch {
      // Without them the table still filters and sorts by what it has.
    }
  }

  async function ask(asked: readonly string[], some?: readonly string[]): Promise<void> {
    if (asked.length === 0) return;
    const answer = await host.call.run.values({ fields: [...asked], ...(some ? { runs: [...some] } : {}) });
    const next = new Map(columns.value);
    for (const { field, values } of answer.columns) {
      const column = new Map(some ? next.get(field) : undefined);
      answer.runs.forEach((run, i) => column.set(run, values[i] ?? null));
      next.set(field, column);
    }
    columns.value = next;
  }

  const dirty = new Set<string>();
  let all = false;
  const refresher = createRefresher(
    async () => {
      const [some, everything] = [[...dirty], all];
      dirty.clear();
      all = false;
      try {
        const known = wanted.value.filter((field) => columns.value.has(field));
        const fresh = wanted.value.filter((field) => !columns.value.has(field));
        await ask(everything ? wanted.value : fresh);
        if (!everything && some.length > 0) await ask(known, some);
      } catch {
        all = true;
      }
    },
    { quietMs: 60, ceilingMs: 1000 },
  );

  function touch(run: string | null): void {
    if (run === null) all = true;
    else dirty.add(run);
    if (wanted.value.length > 0) refresher.hint();
  }

  /** Has the values of these fields asked for and kept up to date from now on. */
  function want(next: readonly string[]): void {
    wanted.value = next;
    if (next.some((field) => !columns.value.has(field))) refresher.hint();
  }

  const stops = [
    host.subscribe('runs-changed', ({ run }) => touch(run)),
    host.subscribe('metrics', ({ run }) => {
      if (wanted.value.some((field) => field.startsWith(METRIC_PREFIX))) touch(run);
    }),
    host.onState((state) => {
      if (state === 'open') touch(null);
    }),
    watch(
      () => runs.data.length,
      () => {
        if (fields.value !== null) void loadFields();
      },
    ),
  ];
  onScopeDispose(() => {
    refresher.stop();
    stops.forEach((stop) => stop());
  });
  return { fields, names, lookUp, columns, loadFields, want };
});
