import type { z } from 'zod';
import type { ComparisonSchema } from '../../contract/api/run.ts';
import type { RunSummary } from '../record.ts';
import { configDiff } from './config-diff.ts';

export type Comparison = z.output<typeof ComparisonSchema>;

/** What is compared of a run. */
export interface ComparedRun {
  summary: RunSummary;
  config: unknown;
  /** Last, smallest and largest value of each series that has points. */
  extents: readonly { series: string; last: number; min: number; max: number }[];
}

/** Runs side by side; column i of every row belongs to `runs[i]`. Series are in alphabetical order. */
export function compareRuns(runs: readonly ComparedRun[]): Comparison {
  const names = [...new Set(runs.flatMap(({ extents }) => extents.map(({ series }) => series)))].sort();
  return {
    runs: runs.map(({ summary }) => summary),
    configDiff: configDiff(runs.map(({ config }) => config)),
    metrics: names.map((name) => ({
      series: name,
      values: runs.map(({ extents }) => {
        const found = extents.find(({ series }) => series === name);
        return found ? { last: found.last, min: found.min, max: found.max } : null;
      }),
    })),
  };
}
