import type { LocationQuery } from 'vue-router';
import { readSorting, writeSorting } from '#shared/run/filter/sort.ts';
import { DEFAULT_STATE, type TableState } from '../../stores/table-state.ts';

type Query = Record<'filter' | 'sort' | 'archived', string | undefined>;

/** What of the table's state an address says; fields that it does not name are absent. */
export function stateOfQuery(query: LocationQuery): Partial<TableState> {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : undefined);
  const [filter, sort, archived] = [text('filter'), text('sort'), text('archived')];
  const sorting = readSorting(sort ?? '');
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(sorting.length === 0 ? {} : { sorting }),
    ...(archived === 'show' || archived === 'only' ? { archived } : {}),
  };
}

/** The address of a state: only what is not as usual. */
export function queryOf({ filter, sorting, archived }: TableState): Query {
  const sort = writeSorting(sorting);
  return {
    filter: filter.trim() === '' ? undefined : filter.trim(),
    sort: sort === writeSorting(DEFAULT_STATE.sorting) ? undefined : sort,
    archived: archived === 'hide' ? undefined : archived,
  };
}
