import { checkGraph } from '../ir/check.ts';
import type { IntegerGraph } from '../ir/graph.ts';
import type { TrainedGraph } from '../trained-graph.ts';
import { buildIntegerGraph } from './build-integer-graph.ts';
import { checkTrained } from './check-trained.ts';
import { dropUnused } from './drop-unused.ts';
import { foldDirection } from './fold-direction.ts';
import { foldSigns } from './fold-signs.ts';
import { positiveScales } from './positive-scales.ts';
import { removeDeadChannels, type DeadChannels } from './remove-dead-channels.ts';
import { sinkMaxPool } from './sink-max-pool.ts';
import { tightenRanges } from './tighten-ranges.ts';
import { turnCodes, type TurnedCodes } from './turn-codes.ts';

/** Passes over the trained graph, in order. Each is exact: the real values of the network do not change by one bit. */
export const TRAINED_PASSES = [
  { id: 'drop-unused', run: (graph: TrainedGraph) => dropUnused(graph) },
  { id: 'positive-scales', run: positiveScales },
  { id: 'fold-signs', run: foldSigns },
  { id: 'sink-max-pool', run: sinkMaxPool },
] as const;

/** What lowering found out on its way, for reports. */
export interface LoweringFacts {
  deadChannels: DeadChannels;
  /** Channels whose codes are the negatives of training's. */
  turned: readonly TurnedCodes[];
}

type IntegerPass = (graph: IntegerGraph, note: (facts: Partial<LoweringFacts>) => void) => IntegerGraph;

/** Passes over the integer graph, in order. Each leaves logits as they are, and codes but for their sign. */
export const INTEGER_PASSES: readonly { id: string; run: IntegerPass }[] = [
  { id: 'fold-direction', run: foldDirection },
  {
    id: 'turn-codes',
    run: (graph, note) => {
      const { graph: rising, turned } = turnCodes(graph);
      note({ turned });
      return rising;
    },
  },
  { id: 'drop-unused', run: (graph) => dropUnused(graph) },
  {
    id: 'remove-dead-channels',
    run: (graph, note) => {
      const { graph: smaller, ...deadChannels } = removeDeadChannels(graph);
      note({ deadChannels });
      return smaller;
    },
  },
  { id: 'tighten-ranges', run: tightenRanges },
];

/**
 * A trained graph as an integer graph that computes the same: every hidden code is the one that training's float32
 * arithmetic gives (or its negative, where `turned` says so), and the logits are its real logits in fixed point. Channels that no sample needs are gone.
 *
 * @throws BitsmithError `unsupported` naming the layer and the reason when that is not possible exactly; `corrupt` when
 *   the trained graph does not fit together
 */
export function lower(graph: TrainedGraph): IntegerGraph {
  return lowerWithFacts(graph).graph;
}

/** The same, with what a report says about it. */
export function lowerWithFacts(graph: TrainedGraph): LoweringFacts & { graph: IntegerGraph } {
  checkTrained(graph);
  const trained = TRAINED_PASSES.reduce<TrainedGraph>((current, pass) => pass.run(current), graph);
  let facts: LoweringFacts = { deadChannels: { removed: [], kept: [], dropped: [] }, turned: [] };
  const integer = INTEGER_PASSES.reduce<IntegerGraph>(
    (current, pass) => pass.run(current, (found) => (facts = { ...facts, ...found })),
    buildIntegerGraph(trained),
  );
  checkGraph(integer, `the integer graph of ${graph.name}`);
  return { graph: integer, ...facts };
}
