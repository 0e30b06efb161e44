import type { TF, Tensor } from '../base/tensorflow.ts';
import type { Normalization, Samples } from '../dataset/types.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import { buildTrainedGraph } from '../model/trained.ts';
import type { NetworkVariable } from '../model/variables.ts';
import { activationMethod } from '../quant/registry.ts';
import { createEvaluator, type Evaluator } from './evaluate.ts';
import { evaluateSamples } from './evaluate-samples.ts';
import { forwardTensor } from './forward.ts';
import type { Moment } from './moment.ts';
import { noiseShapes } from './noise.ts';
import type { TrainingPlan } from './plan.ts';
import { plainValues } from './state.ts';
import { namedVariables, type TrainingState } from './step.ts';

interface Source {
  tf: TF;
  model: ResolvedModel;
  variables: readonly NetworkVariable[];
  plan: TrainingPlan;
  normalization: Normalization;
  breathe(): Promise<void>;
}

/** Samples to measure on: those at `indices`. */
interface Chosen {
  samples: Samples;
  indices: Uint32Array;
}

export interface Measured {
  loss: number;
  accuracy: number;
}

/** True where training takes statistics of the sample at hand that deployment replaces by running averages. */
export function isDynamic(model: ResolvedModel): boolean {
  return model.layers.some(({ activation }) => activation && activationMethod(activation).form.dynamic);
}

/**
 * Mean loss and accuracy in deployment form: what is measured here is what is exported. While the schedules blend full
 * precision with quantized values there is none, and the network is measured as it is at that moment.
 */
export async function measureNetwork(
  source: Source,
  state: TrainingState,
  moment: Pick<Moment, 'weightQuantization' | 'activationQuantization'>,
  chosen: Chosen,
): Promise<Measured> {
  const { weightQuantization, activationQuantization } = moment;
  if (weightQuantization < 1 || activationQuantization < 1) {
    return measureTrainingForm(source, state, chosen, { weightQuantization, activationQuantization });
  }
  const { tf, model, variables, normalization } = source;
  const values = await plainValues(tf, variables, state);
  return over(source, createEvaluator(tf, buildTrainedGraph(model, values, normalization)), chosen);
}

/** The same in the form that the network is trained in, but with running statistics in batch norm and no dropout. */
export async function measureTrainingForm(
  source: Source,
  state: TrainingState,
  chosen: Chosen,
  shares: { weightQuantization?: number; activationQuantization?: number } = {},
): Promise<Measured> {
  const { tf, model, variables, plan } = source;
  const scalars = Object.fromEntries(
    Object.entries(shares).map(([name, value]) => [name, tf.keep(tf.scalar(value))]),
  );
  const evaluator: Evaluator = {
    logits: (x) =>
      forwardTensor(tf, model, {
        x,
        variables: namedVariables(tf, variables, state),
        noise: evenNoise(tf, model, x.shape[0] ?? 1),
        scalars,
        pruning: plan.pruning,
        inference: true,
        update: () => undefined,
        penalize: () => undefined,
      }),
    dispose: () => tf.dispose(scalars),
  };
  return over(source, evaluator, chosen);
}

/** Methods that draw get the middle of the noise: the likelier outcome. */
function evenNoise(tf: TF, model: ResolvedModel, batch: number): Record<string, Tensor> {
  return Object.fromEntries(noiseShapes(model, batch).map(([name, shape]) => [name, tf.fill(shape, 0.5)]));
}

/** Values of a batch of samples that is sure to fit the memory, and samples of it that are enough to be fast. */
const FITTING_VALUES = 2 ** 19;
const FAST_SAMPLES = 100;

/** Samples that are evaluated at once: as many as are trained at once, and more where they are small. */
export function evaluationBatch(trained: number, shape: readonly number[]): number {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return Math.max(trained, Math.min(FAST_SAMPLES, Math.floor(FITTING_VALUES / size)));
}

async function over(
  { tf, plan, normalization, breathe }: Source,
  evaluator: Evaluator,
  { samples, indices }: Chosen,
): Promise<Measured> {
  try {
    return await evaluateSamples({
      tf,
      evaluator,
      samples,
      indices,
      normalization,
      loss: plan.loss,
      batchSize: evaluationBatch(plan.batchSize, samples.shape),
      breathe,
    });
  } finally {
    evaluator.dispose();
  }
}
