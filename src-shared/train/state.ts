import type { TF, Tensor } from '../base/tensorflow.ts';
import type { ResolvedModel } from '../model/resolve.ts';
import { initialValues, type NetworkVariable } from '../model/variables.ts';
import { checkTensors, variableValues, type Checkpoint } from './checkpoint.ts';
import { slotNames, type Optimizer } from './optimizers/index.ts';
import { packTensor, stateIndices, unpackTensor } from './packing.ts';
import { slotKey, type TrainingState } from './step.ts';

/** Prefix of the copy of a variable at the last good pruning level. */
const GOOD = 'good:';

interface Layout {
  model: ResolvedModel;
  variables: readonly NetworkVariable[];
  optimizer: Optimizer;
  /** Whether the state holds a copy of all variables to fall back to. */
  fallback: boolean;
}

/** A named part of the state: its shape as numbers, and how it is packed. */
type Part = Pick<NetworkVariable, 'name' | 'shape'> & { states?: number };

function partsOf({ variables, optimizer, fallback }: Layout): Part[] {
  return variables.flatMap((variable): Part[] => {
    const { name, shape, states, trainable } = variable;
    const packed = states ? { states } : {};
    const slots = trainable ? slotNames(optimizer) : [];
    return [
      { name, shape, ...packed },
      ...slots.map((slot) => ({ name: slotKey(slot, name), shape })),
      ...(fallback ? [{ name: GOOD + name, shape, ...packed }] : []),
    ];
  });
}

/**
 * Puts everything that training changes on the back end.
 *
 * @param resume all of it comes from this checkpoint
 * @param start values of variables, by name, that replace the initial ones (another run's weights)
 * @throws BitsmithError `corrupt` when the checkpoint does not fit, naming the tensor
 */
export function createState(
  tf: TF,
  layout: Layout,
  seed: number,
  resume: Checkpoint | undefined,
  start: Pick<Checkpoint, 'tensors'> | undefined,
): TrainingState {
  const parts = partsOf(layout);
  if (resume) checkTensors(resume, new Map(parts.map(({ name, shape }) => [name, shape])), 'the checkpoint');
  const fresh = resume
    ? {}
    : initialValues(layout.model, seed, start ? startValues(start, layout.variables) : {});
  const state: TrainingState = {};
  for (const { name, shape, states } of parts) {
    const own = { name, ...(states ? { states } : {}) };
    const source = name.startsWith(GOOD) ? name.slice(GOOD.length) : name;
    const values =
      (resume && variableValues(resume, own)) ??
      fresh[source] ??
      new Float32Array(shape.reduce((product, extent) => product * extent, 1));
    state[name] = placed(tf, { shape, ...(states ? { states } : {}) }, values);
  }
  return state;
}

/** A variable's values on the back end, packed where they are discrete; the caller disposes them. */
export function placed(
  tf: TF,
  { shape, states }: { shape: readonly number[]; states?: number },
  values: Float32Array,
): Tensor {
  return tf.tidy(() => {
    const tensor = tf.tensor(values, [...shape], 'float32');
    return tf.keep(states ? packTensor(tf, tensor, states) : tensor);
  });
}

/** Another run's values of the variables that it has in these shapes. */
function startValues(
  start: Pick<Checkpoint, 'tensors'>,
  variables: readonly NetworkVariable[],
): Record<string, Float32Array> {
  const found = variables.flatMap((variable) => {
    const { name, shape, states } = variable;
    const values = variableValues(start, variable);
    if (!values || start.tensors.get(name)?.shape.join() !== shape.join()) return [];
    // A discrete kernel takes the state next to each latent weight.
    return [[name, states ? values.map((w) => Math.min(1, Math.max(-1, w))) : values] as const];
  });
  return Object.fromEntries(found);
}

/** Takes a copy of all variables (not of slots), to fall back to. */
export function keepGood(tf: TF, variables: readonly NetworkVariable[], state: TrainingState): void {
  for (const { name } of variables) copyTensor(tf, state, name, GOOD + name);
}

/** Brings the variables back that `keepGood` has copied. */
export function restoreGood(tf: TF, variables: readonly NetworkVariable[], state: TrainingState): void {
  for (const { name } of variables) copyTensor(tf, state, GOOD + name, name);
}

function copyTensor(tf: TF, state: TrainingState, from: string, to: string): void {
  const source = state[from];
  if (!source) throw new RangeError(`the training state lacks ${from}`);
  state[to]?.dispose();
  state[to] = tf.keep(tf.clone(source));
}

/** Variables (not slots) as plain numbers, by name. */
export async function plainValues(
  tf: TF,
  variables: readonly NetworkVariable[],
  state: TrainingState,
): Promise<Record<string, Float32Array>> {
  const entries = variables.map(async (variable) => {
    const tensor = state[variable.name];
    if (!tensor) throw new RangeError(`the training state lacks ${variable.name}`);
    return [variable.name, await readNumbers(tf, tensor, variable)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The whole state as the tensors of a checkpoint: discrete kernels as a byte per weight. */
export async function checkpointTensors(
  tf: TF,
  layout: Layout,
  state: TrainingState,
): Promise<Checkpoint['tensors']> {
  const tensors: Checkpoint['tensors'] = new Map();
  for (const part of partsOf(layout)) {
    const tensor = state[part.name];
    if (!tensor) throw new RangeError(`the training state lacks ${part.name}`);
    const values = await readNumbers(tf, tensor, part);
    tensors.set(part.name, {
      shape: part.shape,
      data: part.states ? stateIndices(values, part.states) : values,
    });
  }
  return tensors;
}

async function readNumbers(
  tf: TF,
  tensor: Tensor,
  { shape, states }: { shape: readonly number[]; states?: number },
): Promise<Float32Array> {
  if (!states) return Float32Array.from(await tensor.data());
  const unpacked = unpackTensor(tf, tensor, shape, states);
  const values = Float32Array.from(await unpacked.data());
  unpacked.dispose();
  return values;
}
