import type { RunGroup } from '#shared/run/compare/group-runs.ts';
import { deviation, mean, welchDifference, type Difference } from '#shared/run/compare/statistics.ts';
import { orderSeries, type SeriesDescription } from '../../panels/series-name.ts';
import type { Direction } from '../../stores/compare.ts';
import { describeMetric, metricValues } from './numbers.ts';
import type { Comparison } from './use-comparison.ts';

export interface GroupSide {
  /** Runs of the group that have the metric. */
  count: number;
  mean: number;
  /** NaN for a single run. */
  deviation: number;
}

export type Verdict = 'better' | 'worse' | 'differs' | 'not distinguishable' | 'too few runs';

export interface GroupRow {
  series: string;
  description: SeriesDescription;
  a: GroupSide | null;
  b: GroupSide | null;
  /** Final values of `a` minus those of `b`; null where a group has fewer than two runs. */
  difference: Difference | null;
  verdict: Verdict;
}

/** Two groups of runs, final value by final value, with what the spread of the replicates allows to say. */
export function groupRows(
  comparison: Comparison,
  a: RunGroup,
  b: RunGroup,
  directions: Readonly<Record<string, Direction>> = {},
): GroupRow[] {
  const position = new Map(comparison.runs.map((run, i) => [run.id, i]));
  const metrics = metricValues(comparison);
  return orderSeries(metrics.keys()).flatMap((series): GroupRow[] => {
    const values = (group: RunGroup) =>
      group.runs.flatMap((run) => metrics.get(series)?.[position.get(run) ?? -1]?.last ?? []);
    const [left, right] = [values(a), values(b)];
    if (left.length === 0 && right.length === 0) return [];
    const description = describeMetric(series, directions);
    const difference = welchDifference(left, right);
    return [
      {
        series,
        description,
        a: side(left),
        b: side(right),
        difference,
        verdict: verdictOf(difference, description.better),
      },
    ];
  });
}

function side(values: readonly number[]): GroupSide | null {
  return values.length === 0
    ? null
    : { count: values.length, mean: mean(values), deviation: deviation(values) };
}

function verdictOf(difference: Difference | null, better: SeriesDescription['better']): Verdict {
  if (!difference) return 'too few runs';
  if (!difference.distinguishable) return 'not distinguishable';
  if (!better) return 'differs';
  return difference.value > 0 === (better === 'higher') ? 'better' : 'worse';
}
