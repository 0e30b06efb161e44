import type { TF, Tensor } from '../base/tensorflow.ts';
import { layerKindOf } from '../model/layers/registry.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import type { NetworkVariable } from '../model/variables.ts';
import { weightMethod } from '../quant/registry.ts';
import type { Pruning } from '../prune/config.ts';
import { forwardTensor } from './forward.ts';
import { lossTensor, type Loss } from './losses/index.ts';
import { slotNames, updateTensors, type Optimizer } from './optimizers/index.ts';
import { packTensor, unpackTensor } from './packing.ts';

/**
 * Everything that training changes: variables and optimizer slots (`<slot>:<variable>`), by name. A kernel of discrete
 * states is packed (see `packing.ts`).
 */
export type TrainingState = Record<string, Tensor>;

export function slotKey(slot: string, variable: string): string {
  return `${slot}:${variable}`;
}

export interface StepDefinition {
  model: ResolvedModel;
  variables: readonly NetworkVariable[];
  loss: Loss;
  optimizer: Optimizer;
  pruning?: Pruning | undefined;
}

export interface StepInput {
  /** Normalised samples, [batch, height, width, channels]. */
  x: Tensor;
  /** One-hot labels, [batch, classes]. */
  targets: Tensor;
  /**
   * Numbers that change from step to step, as scalar tensors: learning rate and bias corrections, and those of the
   * plan's schedules that the plan uses (`weightQuantization`, `activationQuantization`, `regularization`,
   * `freezeBatchNorm`, `freezeQuantizer`).
   */
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
 * same kernels each time. Variables that go first get a pass of their own; then all others are updated. The caller owns
 * all tensors of the result and disposes the old state.
 */
export function trainingStep(
  tf: TF,
  definition: StepDefinition,
  input: StepInput,
  state: TrainingState,
): StepResult {
  const trainable = definition.variables.filter((variable) => variable.trainable);
  const first = trainable.filter((variable) => variable.first);
  if (first.length === 0) return pass(tf, definition, input, state, trainable);
  const halfway = pass(tf, definition, input, state, first);
  tf.dispose([halfway.loss, halfway.correct]);
  const rest = trainable.filter((variable) => !variable.first);
  const result = pass(tf, definition, input, halfway.state, rest);
  const kept = new Set([...Object.values(state), ...Object.values(result.state)]);
  for (const tensor of Object.values(halfway.state)) if (!kept.has(tensor)) tensor.dispose();
  return result;
}

/** Forward, backward, and an update of the variables in `learned`. */
function pass(
  tf: TF,
  definition: StepDefinition,
  input: StepInput,
  state: TrainingState,
  learned: readonly NetworkVariable[],
): StepResult {
  return tf.tidy(() => {
    const { model, variables, loss } = definition;
    const updates: TrainingState = {};
    const before = namedVariables(tf, variables, state);
    const metrics: { loss?: Tensor; correct?: Tensor } = {};
    const objective = (...values: Tensor[]): Tensor => {
      const current = { ...before };
      learned.forEach((variable, i) => {
        const value = values[i];
        if (value) current[variable.name] = value;
      });
      const penalties: Tensor[] = [];
      const logits = forwardTensor(tf, model, {
        x: input.x,
        variables: current,
        noise: input.noise,
        scalars: input.scalars,
        pruning: definition.pruning,
        update: (name, value) => {
          updates[name] = value;
        },
        penalize: (penalty) => void penalties.push(penalty),
      });
      const dataLoss = lossTensor(tf, loss, logits, input.targets);
      metrics.loss = tf.keep(tf.clone(dataLoss));
      metrics.correct = tf.keep(countCorrect(tf, logits, input.targets));
      return penalties.reduce((total, penalty) => tf.add(total, penalty), dataLoss);
    };
    const { grads } = tf.valueAndGrads(objective as never)(
      learned.map((variable) => tensorOf(before, variable.name)),
    );
    const next: TrainingState = { ...state, ...updates };
    for (const [name, value] of Object.entries(updates)) {
      const variable = variables.find((each) => each.name === name);
      if (!variable) throw new RangeError(`${name} is updated, but is no variable`);
      const kept = unlessFrozen(tf, input, variable, tensorOf(state, name), value);
      next[name] = kept;
      if (kept !== value) value.dispose();
    }
    learned.forEach((variable, i) => {
      const gradient = grads[i];
      if (!gradient) throw new RangeError(`no gradient for ${variable.name}`);
      const value = tensorOf(before, variable.name);
      Object.assign(next, updated(tf, definition, input, state, variable, value, gradient));
    });
    if (!metrics.loss || !metrics.correct) throw new RangeError('the objective was not evaluated');
    return { state: next, loss: metrics.loss, correct: metrics.correct };
  });
}

/** New values of one variable and its optimizer slots. */
function updated(
  tf: TF,
  definition: StepDefinition,
  input: StepInput,
  state: TrainingState,
  variable: NetworkVariable,
  before: Tensor,
  gradient: Tensor,
): TrainingState {
  const { optimizer } = definition;
  const slots = Object.fromEntries(
    slotNames(optimizer).map((slot) => [slot, tensorOf(state, slotKey(slot, variable.name))]),
  );
  const { learningRate } = input.scalars;
  const bounded =
    variable.gradientBound === undefined
      ? gradient
      : tf.clipByValue(gradient, -variable.gradientBound, variable.gradientBound);
  const next = updateTensors(tf, optimizer, {
    value: before,
    gradient: bounded,
    slots,
    scalars:
      variable.rate === undefined || !learningRate
        ? input.scalars
        : { ...input.scalars, learningRate: tf.mul(learningRate, variable.rate) },
    decay: variable.decay,
  });
  const settled = settle(tf, definition, input, state, variable, next.value, before);
  const value = unlessFrozen(tf, input, variable, before, settled);
  return {
    [variable.name]: variable.states ? packTensor(tf, value, variable.states) : value,
    ...Object.fromEntries(
      Object.entries(next.slots).map(([slot, tensor]) => [slotKey(slot, variable.name), tensor]),
    ),
  };
}

/** The variables as the forward pass takes them: packed kernels unpacked. */
export function namedVariables(
  tf: TF,
  variables: readonly NetworkVariable[],
  state: TrainingState,
): Record<string, Tensor> {
  return Object.fromEntries(
    variables.map(({ name, states, shape }) => {
      const tensor = tensorOf(state, name);
      return [name, states ? unpackTensor(tf, tensor, shape, states) : tensor];
    }),
  );
}

/** The new value, or exactly the old one while what the variable belongs to is frozen. */
function unlessFrozen(
  tf: TF,
  { scalars }: StepInput,
  variable: NetworkVariable,
  before: Tensor,
  after: Tensor,
): Tensor {
  const normalises = ['gamma', 'beta'].includes(variable.short) && variable.role === 'layer';
  const frozen =
    variable.role === 'quantizer'
      ? scalars.freezeQuantizer
      : normalises
        ? scalars.freezeBatchNorm
        : undefined;
  return frozen ? tf.add(tf.mul(before, frozen), tf.mul(after, tf.sub(1, frozen))) : after;
}

function tensorOf(state: TrainingState, name: string): Tensor {
  const tensor = state[name];
  if (!tensor) throw new RangeError(`the training state lacks ${name}`);
  return tensor;
}

/** The kernel as its method leaves it after the optimizer's proposal. */
function settle(
  tf: TF,
  { model }: StepDefinition,
  input: StepInput,
  state: TrainingState,
  variable: NetworkVariable,
  proposed: Tensor,
  before: Tensor,
): Tensor {
  if (variable.short !== 'kernel') return proposed;
  const layer = model.layers.find(({ spec }) => spec.id === variable.layer);
  const shape = layer && layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
  if (!layer?.weights || !shape) return proposed;
  const { form } = weightMethod(layer.weights);
  if (!form.settle) return proposed;
  const noise = input.noise[variable.name];
  return form.settle(proposed, before, shape, layer.weights, {
    tf,
    variables: layerTensors(variable.layer, state),
    ...(noise ? { noise } : {}),
    update: () => {
      throw new RangeError('a running statistic is updated in the forward pass');
    },
  });
}

function layerTensors(layer: string, state: TrainingState): Record<string, Tensor> {
  const prefix = `${layer}/`;
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
}

function countCorrect(tf: TF, logits: Tensor, targets: Tensor): Tensor {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(targets, 1)), 'float32'));
}

/** Disposes the tensors of `old` that `next` does not carry on. */
export function disposeReplaced(old: TrainingState, next: TrainingState): void {
  const carried = new Set(Object.values(next));
  for (const tensor of Object.values(old)) if (!carried.has(tensor)) tensor.dispose();
}
