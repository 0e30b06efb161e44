import { consumersOf } from '../passes/consumers.ts';
import type { TrainedGraph } from '../trained-graph.ts';
import { ACCUMULATOR_LIMIT, PASSING_LIMIT } from './fixed-point.ts';

/**
 * How large the integers may be to which a max-pooling combines several terms: all of 32 bits where every path from it
 * ends in the thresholds of an activation, fewer where they go on into an average, an addition or the logits.
 *
 * @param graph without unused nodes
 */
export function poolSumLimits(graph: TrainedGraph): ReadonlyMap<string, number> {
  const consumers = consumersOf(graph);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const endsInThresholds = (id: string): boolean =>
    (consumers.get(id) ?? []).every((reader) => {
      const node = byId.get(reader);
      if (node?.kind === 'activation') return node.staircase !== undefined;
      const passes = node?.kind === 'batch-norm' || node?.kind === 'max-pool' || node?.kind === 'flatten';
      return passes && endsInThresholds(reader);
    });
  const pools = graph.nodes.filter(({ kind }) => kind === 'max-pool');
  return new Map(pools.map(({ id }) => [id, endsInThresholds(id) ? ACCUMULATOR_LIMIT : PASSING_LIMIT]));
}
