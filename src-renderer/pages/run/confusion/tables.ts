import type { DataTable } from '#shared/run/export/csv.ts';
import { classScores, type ClassScore, type ConfusionMatrix } from '#shared/train/predictions/confusion.ts';

/** The matrix with the names of its classes. */
export function matrixTable(classes: readonly string[], counts: readonly number[]): DataTable {
  return {
    columns: ['true class', ...classes],
    rows: classes.map((name, row) => [
      name,
      ...classes.map((_, column) => counts[row * classes.length + column] ?? 0),
    ]),
  };
}

export type ScoreKey = 'name' | 'support' | 'precision' | 'recall' | 'f1';
export interface ScoreRow extends ClassScore {
  id: number;
  name: string;
}

/** The classes in an order; those without a score come last, equal ones in their own order. */
export function scoreRows(
  matrix: ConfusionMatrix,
  classes: readonly string[],
  by: ScoreKey,
  descending: boolean,
): ScoreRow[] {
  const sign = descending ? -1 : 1;
  return classScores(matrix)
    .map((score, id) => ({ ...score, id, name: classes[id] ?? String(id) }))
    .toSorted((a, b) => {
      if (by === 'name') return sign * (a.id - b.id);
      const [left, right] = [a[by], b[by]];
      if (left === null || right === null)
        return Number(left === null) - Number(right === null) || a.id - b.id;
      return sign * (left - right) || a.id - b.id;
    });
}
