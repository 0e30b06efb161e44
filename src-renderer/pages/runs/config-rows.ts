import type { Comparison } from './use-comparison.ts';

export type ConfigRow = Comparison['configDiff'][number];

/** A value of a configuration as one line. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Rows whose field or any value holds all words of the search, differing ones alone where asked. */
export function configRows(
  rows: readonly ConfigRow[],
  { search, differencesOnly }: { search: string; differencesOnly: boolean },
): ConfigRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (differencesOnly && !row.differs) return false;
    if (words.length === 0) return true;
    const text = `${row.path} ${row.values.map(showValue).join(' ')}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Index of the nearest row before or behind `from` that differs, around the end; −1 where none does. */
export function nextDifference(rows: readonly ConfigRow[], from: number, direction: 1 | -1): number {
  for (let i = 1; i <= rows.length; i++) {
    const at = (((from + direction * i) % rows.length) + rows.length) % rows.length;
    if (rows[at]?.differs) return at;
  }
  return -1;
}
