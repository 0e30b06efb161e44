import { describeSeries, orderSeries, type SeriesDescription } from '../../panels/series-name.ts';
import type { Direction } from '../../stores/compare.ts';
import type { Comparison } from './use-comparison.ts';

/** Which number of a series is compared; `best`: its highest or lowest, whichever is better. */
export const KINDS = ['last', 'best', 'min', 'max'] as const;
export type NumberKind = (typeof KINDS)[number];

export interface NumberCell {
  /** The number that is compared. */
  value: number;
  last: number;
  min: number;
  max: number;
  /** Value minus the baseline's; null without a baseline, or for the baseline itself. */
  delta: number | null;
  /** Whether that difference is good; null where neither direction is, or nothing changed. */
  better: boolean | null;
  /** The best value of the row. */
  best: boolean;
}

export interface NumberRow {
  series: string;
  description: SeriesDescription;
  cells: (NumberCell | null)[];
}

type Values = { last: number; min: number; max: number };

/** What a metric is called and which way is better: as a person says, else as its name says. */
export function describeMetric(
  series: string,
  directions: Readonly<Record<string, Direction>>,
): SeriesDescription {
  const description = describeSeries(series);
  const said = directions[series];
  return said === undefined ? description : { ...description, better: said === 'none' ? null : said };
}

/** The metrics of the runs by name, the results on the test samples among them. */
export function metricValues(comparison: Comparison): Map<string, (Values | null)[]> {
  const single = (value: number | null): Values | null =>
    value === null ? null : { last: value, min: value, max: value };
  const results = [
    ['test/accuracy', comparison.runs.map(({ accuracy }) => single(accuracy))],
    ['test/loss', comparison.runs.map(({ loss }) => single(loss))],
  ] as const;
  return new Map([
    ...comparison.metrics.map(({ series, values }) => [series, values] as const),
    ...results.filter(([, values]) => values.some(Boolean)),
  ]);
}

/** The comparison's metrics as a table: differences to the baseline that know which direction is better. */
export function numberRows(
  comparison: Comparison,
  runs: readonly string[],
  baseline: string | null,
  kind: NumberKind = 'last',
  directions: Readonly<Record<string, Direction>> = {},
): NumberRow[] {
  const position = new Map(comparison.runs.map((run, i) => [run.id, i]));
  const bySeries = metricValues(comparison);
  return orderSeries(bySeries.keys()).map((series) => {
    const description = describeMetric(series, directions);
    const found = runs.map((run) => bySeries.get(series)?.[position.get(run) ?? -1] ?? null);
    const values = found.map((one) => (one ? pick(one, kind, description.better) : null));
    const base = baseline === null ? null : (values[runs.indexOf(baseline)] ?? null);
    const known = values.filter((value) => value !== null);
    const best = description.better === 'higher' ? Math.max(...known) : Math.min(...known);
    const cells = found.map((one, i): NumberCell | null => {
      const value = values[i];
      if (!one || value === null || value === undefined) return null;
      const delta = base !== null && runs[i] !== baseline ? value - base : null;
      const better =
        delta === null || delta === 0 || !description.better
          ? null
          : delta > 0 === (description.better === 'higher');
      return {
        ...one,
        value,
        delta,
        better,
        best: description.better !== null && known.length > 1 && value === best,
      };
    });
    return { series, description, cells };
  });
}

function pick(values: Values, kind: NumberKind, better: SeriesDescription['better']): number {
  if (kind !== 'best') return values[kind];
  return better === 'higher' ? values.max : better === 'lower' ? values.min : values.last;
}
