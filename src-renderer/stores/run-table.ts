import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { RunView } from '#shared/settings/settings.ts';
import { isRemote } from '#shared/run/filter/fields.ts';
import type { Condition } from '#shared/run/filter/condition.ts';
import { filterRuns } from '#shared/run/filter/match.ts';
import { parseFilter } from '#shared/run/filter/parse.ts';
import { sortRuns } from '#shared/run/filter/sort.ts';
import { chosenIds, choose, toggleChosen } from './chosen-runs.ts';
import { useCompareStore } from './compare.ts';
import { useRunValuesStore } from './run-values.ts';
import { useRunsStore } from './runs.ts';
import { useSettingsStore } from './settings.ts';
import { DEFAULT_STATE, readTableState, sameState, writeTableState, type TableState } from './table-state.ts';

/** The table of runs: how it is looked at, which runs that shows, and which of them are chosen. Stays when the page is left. */
export const useRunTableStore = defineStore('run-table', () => {
  const runs = useRunsStore();
  const values = useRunValuesStore();
  const settings = useSettingsStore();
  const compare = useCompareStore();

  const kept = useLocalStorage<Kept>('bitsmith-run-table', readKept(null), {
    shallow: true,
    listenToStorageChanges: false,
    serializer: { read: (text) => readKept(parse(text)), write: writeKept },
  });
  const state = computed(() => kept.value.state);
  function change(next: Partial<TableState>): void {
    kept.value = { ...kept.value, state: { ...state.value, ...next } };
  }

  const parsed = computed(() => parseFilter(state.value.filter, { remote: values.names }));
  /** What is filtered by: a wrong filter leaves the last good one in place. */
  const conditions = shallowRef<readonly Condition[]>([]);
  watch(
    parsed,
    (next) => {
      if (next.conditions) conditions.value = next.conditions;
    },
    { immediate: true },
  );

  const remote = computed(() => [
    ...new Set(
      [
        ...state.value.columns,
        ...state.value.sorting.map(({ field }) => field),
        ...conditions.value.flatMap(({ field }) => field ?? []),
      ].filter(isRemote),
    ),
  ]);
  watch(remote, (next) => values.want(next), { immediate: true });

  /** Runs that are in question at all; the filter chooses among them. */
  const pool = computed(() => {
    const { archived } = state.value;
    return archived === 'show'
      ? runs.data
      : runs.data.filter((run) => run.archived === (archived === 'only'));
  });
  const filtered = computed(() => filterRuns(pool.value, conditions.value, lookUp.value, Date.now()));
  const shown = computed(() => sortRuns(filtered.value, state.value.sorting, lookUp.value));
  /** A new function when values came, so that what depends on it is computed again. */
  const lookUp = computed(() => {
    const { columns } = values;
    return (field: string, run: string) => columns.get(field)?.get(run) ?? null;
  });

  const views = computed<readonly RunView[]>(() => settings.data?.runViews ?? []);
  const view = computed(() => views.value.find(({ id }) => id === kept.value.view) ?? null);
  const viewState = computed(() => (view.value ? readTableState(view.value.state) : DEFAULT_STATE));
  /** Whether the table is looked at otherwise than its view says. */
  const edited = computed(() => !sameState(state.value, viewState.value));
  /** Opens a saved view; null: all runs, as at first. */
  function openView(id: string | null): void {
    const found = views.value.find((one) => one.id === id);
    kept.value = { view: found?.id ?? null, state: found ? readTableState(found.state) : DEFAULT_STATE };
  }
  /** Says that the table, as it is looked at now, is this view. */
  function beView(id: string | null): void {
    kept.value = { ...kept.value, view: id };
  }

  const rest = shallowRef<readonly string[]>([]);
  const chosen = computed(() => chosenIds({ selection: compare.selection, rest: rest.value }));
  const isChosen = computed(() => new Set(chosen.value));
  function put(next: ReturnType<typeof choose>): void {
    compare.selection = next.selection;
    rest.value = next.rest;
  }
  const now = () => ({ selection: compare.selection, rest: rest.value });

  return {
    state,
    change,
    parsed,
    conditions,
    pool,
    shown,
    lookUp,
    views,
    view,
    edited,
    openView,
    beView,
    chosen,
    isChosen,
    choose: (ids: readonly string[]) => put(choose(now(), ids)),
    toggle: (id: string) => put(toggleChosen(now(), id)),
  };
});

interface Kept {
  view: string | null;
  state: TableState;
}

function readKept(value: unknown): Kept {
  const { view, state } = (value ?? {}) as { view?: unknown; state?: unknown };
  return { view: typeof view === 'string' ? view : null, state: readTableState(state) };
}

function writeKept({ view, state }: Kept): string {
  return JSON.stringify({ view, state: writeTableState(state) });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
