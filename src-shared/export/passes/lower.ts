import { checkGraph } from '../ir/check.ts';
import type { IntegerGraph } from '../ir/graph.ts';
import type { TrainedGraph } from '../trained-graph.ts';
import { buildIntegerGraph } from './build-integer-graph.ts';
import { checkTrained } from './check-trained.ts';
import { dropUnused } from './drop-unused.ts';
import { foldDirection } from './fold-direction.ts';
import { foldSigns } from './fold-signs.ts';
import { positiveScales } from './positive-scales.ts';
import { sinkMaxPool } from './sink-max-pool.ts';

/** Passes over the trained graph, in order. Each is exact: the real values of the network do not change by one bit. */
export const TRAINED_PASSES = [
  { id: 'drop-unused', run: (graph: TrainedGraph) => dropUnused(graph) },
  { id: 'positive-scales', run: positiveScales },
  { id: 'fold-signs', run: foldSigns },
  { id: 'sink-max-pool', run: sinkMaxPool },
] as const;

/** Passes over the integer graph, in order. */
export const INTEGER_PASSES = [
  { id: 'fold-direction', run: foldDirection },
  { id: 'drop-unused', run: (graph: IntegerGraph) => dropUnused(graph) },
] as const;

/**
 * A trained graph as an integer graph that computes the same: every hidden code equals the one that training's float32
 * arithmetic gives, and the logits are its real logits in fixed point.
 *
 * @throws BitsmithError `unsupported` naming the layer and the reason when that is not possible exactly; `corrupt` when
 *   the trained graph does not fit together
 */
export function lower(graph: TrainedGraph): IntegerGraph {
  checkTrained(graph);
  const trained = TRAINED_PASSES.reduce<TrainedGraph>((current, pass) => pass.run(current), graph);
  const integer = INTEGER_PASSES.reduce<IntegerGraph>(
    (current, pass) => pass.run(current),
    buildIntegerGraph(trained),
  );
  checkGraph(integer, `the integer graph of ${graph.name}`);
  return integer;
}
