import type { DataTable } from '#shared/run/export/csv.ts';
import type { Histogram } from '#shared/run/record.ts';

/** Histograms of many epochs on one axis. */
export interface WeightHistory {
  epochs: number[];
  low: number;
  high: number;
  bins: number;
  /** Share of the weights in each bin, epoch by epoch: `shares[epoch · bins + bin]`. */
  shares: Float64Array;
  /** Largest of them. */
  most: number;
}

/**
 * Histograms whose bins differ, over the same bins: what lies in a bin is spread evenly over it.
 *
 * @param rows of one layer, in the order of epochs
 */
export function weightHistory(rows: readonly Histogram[], bins = 64): WeightHistory {
  const low = rows.reduce((least, { edges }) => Math.min(least, edges[0] ?? least), Infinity);
  const high = rows.reduce((most, { edges }) => Math.max(most, edges.at(-1) ?? most), -Infinity);
  const shares = new Float64Array(rows.length * bins);
  const width = (high - low) / bins;
  rows.forEach(({ edges, counts }, epoch) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    counts.forEach((count, i) => {
      const [from, to] = [edges[i] ?? low, edges[i + 1] ?? high];
      if (count === 0 || total === 0 || !(to > from)) return;
      const last = Math.min(bins - 1, Math.floor((to - low) / width));
      for (let bin = Math.max(0, Math.floor((from - low) / width)); bin <= last; bin++) {
        const overlap = Math.min(to, low + (bin + 1) * width) - Math.max(from, low + bin * width);
        if (overlap <= 0) continue;
        const at = epoch * bins + bin;
        shares[at] = (shares[at] ?? 0) + (count / total) * (overlap / (to - from));
      }
    });
  });
  return {
    epochs: rows.map(({ epoch }) => epoch),
    low,
    high,
    bins,
    shares,
    most: shares.reduce((a, b) => Math.max(a, b), 0),
  };
}

/** Every epoch's own histogram, as it was recorded. */
export function historyTable(rows: readonly Histogram[]): DataTable {
  return {
    columns: ['Epoch', 'From', 'To', 'Weights'],
    rows: rows.flatMap(({ epoch, edges, counts }) =>
      counts.map((count, i) => [epoch, edges[i] ?? null, edges[i + 1] ?? null, count]),
    ),
  };
}

/** What an epoch's weights come to, for a table that people read. */
export function historySummary(rows: readonly Histogram[]): DataTable {
  return {
    columns: ['Epoch', 'Lowest', 'Median', 'Highest'],
    rows: rows.map((row) => [row.epoch, row.edges[0] ?? null, medianOf(row), row.edges.at(-1) ?? null]),
  };
}

/** The value below which half of the weights lie, within its bin by proportion. */
export function medianOf({ edges, counts }: Histogram): number | null {
  const half = counts.reduce((sum, count) => sum + count, 0) / 2;
  let below = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    if (count > 0 && below + count >= half) {
      const [from, to] = [edges[i] ?? 0, edges[i + 1] ?? 0];
      return from + ((half - below) / count) * (to - from);
    }
    below += count;
  }
  return null;
}
