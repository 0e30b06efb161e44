import { MOST_COLUMNS } from '../../stores/table-state.ts';

/** The list with the item `from` at place `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const place = Math.max(0, Math.min(list.length - 1, to));
  const [item] = list.slice(from, from + 1);
  if (item === undefined) return [...list];
  const others = list.filter((_, i) => i !== from);
  return [...others.slice(0, place), item, ...others.slice(place)];
}

/** Shows a column at the end, or takes it away; one always stays. */
export function toggledColumn(columns: readonly string[], name: string): string[] {
  if (!columns.includes(name)) return columns.length < MOST_COLUMNS ? [...columns, name] : [...columns];
  return columns.length > 1 ? columns.filter((one) => one !== name) : [...columns];
}
