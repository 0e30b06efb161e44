import { RandomStream } from '../../base/random.ts';
import type { ResolvedModel } from '../../model/resolve.ts';
import { buildTrainedGraph } from '../../model/trained.ts';
import { initialValues } from '../../model/variables.ts';
import { markPruned } from '../../prune/mark-pruned.ts';
import { activationMethod } from '../../quant/registry.ts';
import { newMasks, newStages } from '../../train/between-steps.ts';
import type { TrainingPlan } from '../../train/plan.ts';
import type { TrainedBatchNorm, TrainedGraph, TrainedNode } from '../trained-graph.ts';
import { spreadOf } from './spread.ts';

const SEED = 1;
/** Values with which activation methods find their first range. */
const CALIBRATION = 1024;

type Values = Record<string, Float32Array>;

/**
 * A network as training would leave it, with numbers drawn at random: kernels through their methods, of as many zeros as
 * those make, the masks of pruning at its end, every stage of a method done, and batch norms that spread sums over the
 * levels of the activation behind them. The same model always gives the same numbers.
 */
export function typicalGraph(network: ResolvedModel, training?: TrainingPlan): TrainedGraph {
  const pruning = training?.pruning;
  const model = pruning ? markPruned(network, pruning) : network;
  let values = { ...initialValues(model, SEED), ...calibrated(model) };
  if (training && pruning) {
    // Where rounds are tried until the accuracy suffers, only the first is sure to be kept.
    const end = pruning.rounds ? 0 : training.epochs;
    values = { ...values, ...newMasks(model, { ...training, pruning }, values, end) };
  }
  values = { ...values, ...newStages(model, values, 1) };
  const channels = model.inputShape.at(-1) ?? 1;
  const graph = buildTrainedGraph(model, values, {
    zero: Array.from({ length: channels }, () => 128),
    scale: 1 / 64,
  });
  return { ...graph, nodes: spreadNorms(graph.nodes) };
}

/** What activation methods derive from a first batch of unit variance. */
function calibrated(model: ResolvedModel): Values {
  const values: Values = {};
  for (const { spec, activation } of model.layers) {
    const calibrate = activation && activationMethod(activation).form.calibrate;
    if (!calibrate) continue;
    const random = new RandomStream(SEED, `calibrate:${spec.id}`);
    const inputs = Float32Array.from({ length: CALIBRATION }, () => random.nextNormal());
    for (const [name, value] of Object.entries(calibrate(inputs, activation)))
      values[`${spec.id}/${name}`] = value;
  }
  return values;
}

/** Batch norms after training give values of about unit variance; their channels differ a little. */
function spreadNorms(nodes: readonly TrainedNode[]): TrainedNode[] {
  const sizes = new Map<string, number>([['input', 1.1]]);
  return nodes.map((node) => {
    const inputs = node.inputs.map((input) => sizes.get(input) ?? 1);
    sizes.set(node.id, spreadOf(node, inputs));
    return node.kind === 'batch-norm' ? spreadNorm(node, Math.max(inputs[0] ?? 1, 1e-6)) : node;
  });
}

function spreadNorm(node: TrainedBatchNorm, size: number): TrainedBatchNorm {
  const random = new RandomStream(SEED, `norm:${node.id}`);
  const between = (low: number, high: number) => low + (high - low) * random.nextUniform();
  return {
    ...node,
    factor: node.factor.map(() => between(0.7, 1.3) / size),
    offset: node.offset.map(() => between(-0.4, 0.4)),
  };
}
