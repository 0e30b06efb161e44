import type { TF, Tensor } from '../base/tensorflow.ts';
import { layerKindOf } from '../model/layers/registry.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import type { NetworkVariable } from '../model/variables.ts';
import { weightMethod } from '../quant/registry.ts';
import { forwardTensor } from './forward.ts';
import { lossTensor, type Loss } from './losses/index.ts';
import { slotNames, updateTensors, type Optimizer } from './optimizers/index.ts';

/** Everything that training changes: variables and optimizer slots (`<slot>:<variable>`), by name. */
export type TrainingState = Record<string, Tensor>;

export function slotKey(slot: string, variable: string): string {
  return `${slot}:${variable}`;
}

export interface StepDefinition {
  model: ResolvedModel;
  variables: readonly NetworkVariable[];
  loss: Loss;
  optimizer: Optimizer;
}

export interface StepInput {
  /** Normalised samples, [batch, height, width, channels]. */
  x: Tensor;
  /** One-hot labels, [batch, classes]. */
  targets: Tensor;
  /** Numbers that change from step to step, as scalar tensors (learning rate, bias corrections). */
  scalars: Record<string, Tensor>;
  /** Noise per layer id. */
  noise: Record<string, Tensor>;
}

export interface StepResult {
  state: TrainingState;
  /** Mean loss of the batch, a scalar. */
  loss: Tensor;
  /** Number of samples of the batch whose arg-max is right, a scalar. */
  correct: Tensor;
}

/**
 * One training step: a pure function of tensors (state, batch and scalars in, state and metrics out) that records the
 * same kernels each time. The caller owns all tensors of the result and disposes the old state.
 */
export function trainingStep(
  tf: TF,
  definition: StepDefinition,
  input: StepInput,
  state: TrainingState,
): StepResult {
  return tf.tidy(() => {
    const { model, variables, loss, optimizer } = definition;
    const trainable = variables.filter((variable) => variable.trainable);
    const updates: TrainingState = {};
    const side: { correct?: Tensor } = {};
    const objective = (...values: Tensor[]): Tensor => {
      const current = { ...namedVariables(variables, state) };
      trainable.forEach((variable, i) => {
        const value = values[i];
        if (value) current[variable.name] = value;
      });
      const logits = forwardTensor(tf, model, {
        x: input.x,
        variables: current,
        noise: input.noise,
        update: (name, value) => {
          updates[name] = value;
        },
      });
      side.correct = tf.keep(countCorrect(tf, logits, input.targets));
      return lossTensor(tf, loss, logits, input.targets);
    };
    const { value, grads } = tf.valueAndGrads(objective as never)(
      trainable.map((variable) => tensorOf(state, variable.name)),
    );
    const next: TrainingState = { ...state, ...updates };
    trainable.forEach((variable, i) => {
      const gradient = grads[i];
      if (!gradient) throw new RangeError(`no gradient for ${variable.name}`);
      const slots = Object.fromEntries(
        slotNames(optimizer).map((slot) => [slot, tensorOf(state, slotKey(slot, variable.name))]),
      );
      const updated = updateTensors(tf, optimizer, {
        value: tensorOf(state, variable.name),
        gradient,
        slots,
        scalars: input.scalars,
        decay: variable.decay,
      });
      next[variable.name] = project(tf, definition, variable, updated.value);
      for (const [slot, tensor] of Object.entries(updated.slots)) next[slotKey(slot, variable.name)] = tensor;
    });
    if (!side.correct) throw new RangeError('the objective was not evaluated');
    return { state: next, loss: value, correct: side.correct };
  });
}

function namedVariables(variables: readonly NetworkVariable[], state: TrainingState): Record<string, Tensor> {
  return Object.fromEntries(variables.map(({ name }) => [name, tensorOf(state, name)]));
}

function tensorOf(state: TrainingState, name: string): Tensor {
  const tensor = state[name];
  if (!tensor) throw new RangeError(`the training state lacks ${name}`);
  return tensor;
}

/** Latent weights after the step, where the method restricts them. */
function project(tf: TF, { model }: StepDefinition, variable: NetworkVariable, value: Tensor): Tensor {
  if (variable.short !== 'kernel') return value;
  const layer = model.layers.find(({ spec }) => spec.id === variable.layer);
  const shape = layer && layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
  if (!layer?.weights || !shape) return value;
  const { form } = weightMethod(layer.weights);
  return form.project ? form.project(value, shape, layer.weights, { tf, variables: {} }) : value;
}

function countCorrect(tf: TF, logits: Tensor, targets: Tensor): Tensor {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(targets, 1)), 'float32'));
}

/** Disposes the tensors of `old` that `next` does not carry on. */
export function disposeReplaced(old: TrainingState, next: TrainingState): void {
  const carried = new Set(Object.values(next));
  for (const tensor of Object.values(old)) if (!carried.has(tensor)) tensor.dispose();
}
