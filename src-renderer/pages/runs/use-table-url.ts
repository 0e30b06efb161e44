import { useDebounceFn } from '@vueuse/core';
import { onActivated, onMounted, watch } from 'vue';
import { useRoute, useRouter, type LocationQuery } from 'vue-router';
import { useRunTableStore } from '../../stores/run-table.ts';
import { DEFAULT_STATE } from '../../stores/table-state.ts';
import { queryOf, stateOfQuery } from './table-query.ts';

/** Keeps the filter, the order and the archive in the address: it can be kept, sent and gone back to. */
export function useTableUrl(): void {
  const route = useRoute();
  const router = useRouter();
  const table = useRunTableStore();
  const path = route.path;
  let written = '';

  function read(query: LocationQuery): void {
    const given = stateOfQuery(query);
    if (
      Object.keys(given).length === 0 ||
      JSON.stringify(queryOf({ ...DEFAULT_STATE, ...given })) === written
    )
      return;
    table.change({
      filter: DEFAULT_STATE.filter,
      sorting: DEFAULT_STATE.sorting,
      archived: DEFAULT_STATE.archived,
      ...given,
    });
  }
  function write(): void {
    if (route.path !== path) return;
    const next = queryOf(table.state);
    written = JSON.stringify(next);
    const { filter: _filter, sort: _sort, archived: _archived, ...others } = route.query;
    const own = Object.entries(next).filter(([, value]) => value !== undefined);
    void router.replace({ query: { ...others, ...Object.fromEntries(own) } });
  }

  read(route.query);
  const writeSoon = useDebounceFn(write, 250);
  watch(() => table.state, writeSoon);
  watch(
    () => route.query,
    (query) => {
      if (route.path === path) read(query);
    },
  );
  onMounted(write);
  onActivated(write);
}
