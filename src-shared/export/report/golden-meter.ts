import type { z } from 'zod';
import type { SparsityReport } from '../../prune/sparsity-report.ts';
import { bitsOf, rangeMeter, sums } from '../../verify/data-ranges.ts';
import type { IntegerGraph } from '../ir/graph.ts';
import { activityMeter } from './activity.ts';
import type { AccumulatorSchema } from './schema.ts';

type Accumulator = z.output<typeof AccumulatorSchema>;

/** What golden samples show of a network, besides their vectors. */
export interface GoldenFindings {
  sparsity: SparsityReport;
  accumulators: Accumulator[];
}

/** Measures what the reference computes for the golden samples anyway. */
export function goldenMeter(graph: IntegerGraph): {
  add(values: ReadonlyMap<string, Int32Array>): void;
  report(): GoldenFindings;
} {
  const activity = activityMeter(graph);
  const ranges = rangeMeter(graph);
  return {
    add(values) {
      activity.add(values);
      ranges.add(values);
    },
    report: () => ({
      sparsity: activity.report(),
      accumulators: ranges
        .report()
        .map(({ node, proven, observed }) => ({ node, proven, bits: bitsOf(proven), observed })),
    }),
  };
}

/** Without samples: weights alone, and proven intervals. */
export function unmeasured(graph: IntegerGraph): GoldenFindings {
  return {
    sparsity: activityMeter(graph).report(),
    accumulators: graph.nodes
      .filter(sums)
      .map(({ id, range }) => ({ node: id, proven: range, bits: bitsOf(range), observed: null })),
  };
}
