import { isObject } from '#shared/base/json-document.ts';
import { runField } from '#shared/run/filter/fields.ts';
import { readSorting, writeSorting, type SortKey } from '#shared/run/filter/sort.ts';

/** Whether archived runs are in the table. */
export type Archived = 'hide' | 'show' | 'only';

/** How a person looks at the table of runs; what a saved view keeps. */
export interface TableState {
  filter: string;
  sorting: readonly SortKey[];
  /** Names of fields, in their order. */
  columns: readonly string[];
  /** Pixels, where a person has chosen other than the usual. */
  widths: Readonly<Record<string, number>>;
  archived: Archived;
}

export const DEFAULT_STATE: TableState = {
  filter: '',
  sorting: [{ field: 'created', descending: true }],
  columns: [
    'status',
    'name',
    'tag',
    'accuracy',
    'loss',
    'dataset',
    'model',
    'method',
    'epochs',
    'notes',
    'created',
  ],
  widths: {},
  archived: 'hide',
};

export const MOST_COLUMNS = 60;
export const [NARROWEST, WIDEST] = [56, 640];

/** A state from what was kept, whoever wrote it: what is wrong in it becomes as it is by default. */
export function readTableState(kept: unknown): TableState {
  if (!isObject(kept)) return DEFAULT_STATE;
  const { filter, sorting, columns, widths, archived } = kept;
  const known = Array.isArray(columns) ? [...new Set(columns.filter(isColumn))].slice(0, MOST_COLUMNS) : [];
  const keys = typeof sorting === 'string' ? readSorting(sorting) : [];
  return {
    filter: typeof filter === 'string' ? filter : DEFAULT_STATE.filter,
    sorting: keys.length > 0 ? keys : DEFAULT_STATE.sorting,
    columns: known.length > 0 ? known : DEFAULT_STATE.columns,
    widths: isObject(widths)
      ? Object.fromEntries(
          Object.entries(widths).flatMap(([name, width]) =>
            typeof width === 'number' && width >= NARROWEST && width <= WIDEST ? [[name, width]] : [],
          ),
        )
      : {},
    archived: archived === 'show' || archived === 'only' ? archived : 'hide',
  };
}

/** The state as a saved view and the window's memory keep it. */
export function writeTableState(state: TableState): Record<string, unknown> {
  return { ...state, sorting: writeSorting(state.sorting) };
}

export function sameState(a: TableState, b: TableState): boolean {
  const text = (state: TableState) => {
    const widths = Object.entries(state.widths).toSorted(([one], [other]) => (one < other ? -1 : 1));
    return JSON.stringify([
      state.filter.trim(),
      writeSorting(state.sorting),
      state.columns,
      state.archived,
      widths,
    ]);
  };
  return text(a) === text(b);
}

function isColumn(name: unknown): name is string {
  return typeof name === 'string' && runField(name) !== undefined;
}
