import { computed, type ComputedRef } from 'vue';
import type { RunSummary } from '#shared/run/record.ts';
import { useCompareStore } from '../../stores/compare.ts';

/** More lines than these nobody tells apart. */
export const MOST_RUNS = 300;

/** Which runs are looked at together: the selected ones, or all that the table shows. */
export function useScope(
  selected: () => readonly RunSummary[],
  table: () => readonly RunSummary[],
): {
  runs: ComputedRef<readonly RunSummary[]>;
  items: ComputedRef<{ value: 'selected' | 'table'; label: string }[]>;
  /** Runs of the table that are left out for their number. */
  left: ComputedRef<number>;
} {
  const compare = useCompareStore();
  return {
    runs: computed(() => (compare.scope === 'selected' ? selected() : table().slice(0, MOST_RUNS))),
    items: computed(() => [
      { value: 'selected', label: `Selected runs (${selected().length})` },
      { value: 'table', label: `All runs of the table (${Math.min(table().length, MOST_RUNS)})` },
    ]),
    left: computed(() => (compare.scope === 'table' ? Math.max(0, table().length - MOST_RUNS) : 0)),
  };
}
