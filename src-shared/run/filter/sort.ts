import type { RunSummary } from '../record.ts';
import { runField, type FieldValue, type LookUp } from './fields.ts';

export interface SortKey {
  field: string;
  descending: boolean;
}

/** `-accuracy,name` as keys, the first one deciding first. */
export function readSorting(text: string): SortKey[] {
  const keys = text.split(',').flatMap((part) => {
    const field = part.trim().replace(/^-/, '');
    return runField(field) ? [{ field, descending: part.trim().startsWith('-') }] : [];
  });
  return keys.filter((key, i) => keys.findIndex(({ field }) => field === key.field) === i);
}

export function writeSorting(keys: readonly SortKey[]): string {
  return keys.map(({ field, descending }) => `${descending ? '-' : ''}${field}`).join(',');
}

/** A sorted copy. Runs without a value come last in both directions; equals keep their order. */
export function sortRuns(
  runs: readonly RunSummary[],
  keys: readonly SortKey[],
  lookUp?: LookUp,
): RunSummary[] {
  const columns = keys.flatMap(({ field, descending }) => {
    const known = runField(field, lookUp);
    return known ? [{ sign: descending ? -1 : 1, of: runs.map((run) => sortable(known.value(run))) }] : [];
  });
  if (columns.length === 0) return [...runs];
  const order = runs.map((_, i) => i);
  order.sort((a, b) => {
    for (const { sign, of } of columns) {
      const difference = compare(of[a] ?? null, of[b] ?? null, sign);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  return order.flatMap((i) => runs[i] ?? []);
}

type Sortable = string | number | null;

function sortable(value: FieldValue): Sortable {
  if (value === null || value === '') return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'object') return value.length === 0 ? null : value.join(' ').toLowerCase();
  return String(value).toLowerCase();
}

/** Numbers come before texts where a field has both. */
function compare(a: Sortable, b: Sortable, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a !== typeof b) return typeof a === 'number' ? -sign : sign;
  return a < b ? -sign : a > b ? sign : 0;
}
