import type { SortKey } from '#shared/run/filter/sort.ts';

/**
 * What a click on a head does: sorts by that column alone, the other way round when it did already; with Shift, adds the
 * column behind the others, turns it round, and takes it away again.
 *
 * @param first whether the column begins descending: numbers and dates do
 */
export function sortedBy(
  keys: readonly SortKey[],
  field: string,
  { add, first }: { add: boolean; first: boolean },
): SortKey[] {
  const known = keys.find((key) => key.field === field);
  const turned = { field, descending: known ? !known.descending : first };
  if (!add) return [keys.length > 1 && known ? { field, descending: first } : turned];
  if (!known) return [...keys, turned];
  const back = known.descending === first;
  const next = keys.flatMap((key) => (key.field === field ? (back ? [turned] : []) : [key]));
  return next.length > 0 ? next : [turned];
}
