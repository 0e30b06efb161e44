import type { TF } from '#shared/base/tensorflow.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { initialValues, networkVariables } from '#shared/model/variables.ts';
import { variableValues } from '#shared/train/checkpoint.ts';
import { evaluateSamples } from '#shared/train/evaluate-samples.ts';
import { createEvaluator } from '#shared/train/evaluate.ts';
import { planAt } from '#shared/train/moment.ts';
import type { TrainerInput } from '#shared/train/trainer-input.ts';

/**
 * Validation accuracy, in deployment form, of a run that starts from another one's numbers, before its first step: what
 * a change of the network or of its methods has cost. Null where nothing can be said: no validation split, a start in
 * full precision, or pruning rounds, which measure their start themselves.
 */
export async function accuracyAtStart(tf: TF, input: TrainerInput): Promise<number | null> {
  const { model, plan, split, seed, initial, normalization, samples, breathe } = input;
  const { weightQuantization, activationQuantization } = planAt(plan, 0);
  if (!initial || split.validation.length === 0 || plan.pruning?.rounds) return null;
  if (weightQuantization < 1 || activationQuantization < 1) return null;
  const values = initialValues(model, seed);
  for (const variable of networkVariables(model)) {
    const fits = initial.tensors.get(variable.name)?.shape.join() === variable.shape.join();
    const value = fits ? variableValues(initial, variable) : null;
    if (value) values[variable.name] = value;
  }
  const evaluator = createEvaluator(tf, buildTrainedGraph(model, values, normalization));
  try {
    const { accuracy } = await evaluateSamples({
      tf,
      evaluator,
      samples,
      indices: split.validation,
      normalization,
      loss: plan.loss,
      batchSize: Math.max(plan.batchSize, 100),
      breathe,
    });
    return accuracy;
  } finally {
    evaluator.dispose();
  }
}
