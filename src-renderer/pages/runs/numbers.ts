import { describeSeries, orderSeries, type SeriesDescription } from '../../panels/series-name.ts';
import type { Comparison } from './use-comparison.ts';

export interface NumberCell {
  last: number;
  min: number;
  max: number;
  /** Last value minus the baseline's; null without a baseline, or for the baseline itself. */
  delta: number | null;
  /** Whether that difference is good; null where neither direction is, or nothing changed. */
  better: boolean | null;
  /** The best last value of the row. */
  best: boolean;
}

export interface NumberRow {
  series: string;
  description: SeriesDescription;
  cells: (NumberCell | null)[];
}

/** The comparison's metrics as a table: differences to the baseline that know which direction is better. */
export function numberRows(
  comparison: Comparison,
  runs: readonly string[],
  baseline: string | null,
): NumberRow[] {
  const position = new Map(comparison.runs.map((run, i) => [run.id, i]));
  const bySeries = new Map(comparison.metrics.map((metric) => [metric.series, metric.values]));
  return orderSeries(bySeries.keys()).map((series) => {
    const description = describeSeries(series);
    const values = runs.map((run) => bySeries.get(series)?.[position.get(run) ?? -1] ?? null);
    const base = baseline === null ? null : (values[runs.indexOf(baseline)] ?? null);
    const known = values.flatMap((value) => (value ? [value.last] : []));
    const best = description.better === 'higher' ? Math.max(...known) : Math.min(...known);
    const cells = values.map((value, i): NumberCell | null => {
      if (!value) return null;
      const delta = base && runs[i] !== baseline ? value.last - base.last : null;
      const better =
        delta === null || delta === 0 || !description.better
          ? null
          : delta > 0 === (description.better === 'higher');
      return {
        ...value,
        delta,
        better,
        best: description.better !== null && known.length > 1 && value.last === best,
      };
    });
    return { series, description, cells };
  });
}
