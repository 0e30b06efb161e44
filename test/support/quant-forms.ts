import { parseWith } from '#shared/base/schema.ts';
import { RandomStream } from '#shared/base/random.ts';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { filterOf } from '#shared/quant/parts/scales.ts';
import {
  ActivationChoiceSchema,
  WeightChoiceSchema,
  activationMethod,
  weightMethod,
  type MethodChoice,
} from '#shared/quant/registry.ts';
import type { DeployedWeights, MethodContext, VariableSpec, WeightShape } from '#shared/quant/types.ts';
import { tf } from './tensorflow.ts';

/** Calls the forms of a method with plain numbers and gives plain numbers back. */

export type Numbers = Record<string, number | readonly number[]>;

export const CONV: WeightShape = { shape: [3, 3, 5, 4], filters: 4, fanIn: 45, filterAxis: 3 };
export const DENSE: WeightShape = { shape: [13, 6], filters: 6, fanIn: 13, filterAxis: 1 };
export const DEPTHWISE: WeightShape = { shape: [3, 3, 7, 1], filters: 7, fanIn: 9, filterAxis: 2 };
export const SHAPES = { CONV, DENSE, DEPTHWISE };

export function weightChoice(method: string, parameters: Record<string, unknown> = {}): MethodChoice {
  return parseWith(WeightChoiceSchema, { method, ...parameters }, method);
}

export function activationChoice(method: string, parameters: Record<string, unknown> = {}): MethodChoice {
  return parseWith(ActivationChoiceSchema, { method, ...parameters }, method);
}

/** Weights with zeros and the clip edges among them, the others normal. */
export function kernelOf(shape: WeightShape, seed = 1, deviation = 0.6): Float32Array {
  const random = new RandomStream(seed, 'kernel');
  const count = shape.shape.reduce((product, size) => product * size, 1);
  return Float32Array.from(
    { length: count },
    (_, i) => [0, 1, -1, -0, 1.5, -1.5][i] ?? deviation * random.nextNormal(),
  );
}

/** 1 or 0 per weight, about `keep` of them 1, and the first ones (zeros and clip edges) as they fall. */
export function maskFor(count: number, keep = 0.6, seed = 3): Float32Array {
  const random = new RandomStream(seed, 'mask');
  return Float32Array.from({ length: count }, () => (random.nextUniform() < keep ? 1 : 0));
}

/** Product, element by element. */
export function times(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value * (b[i] ?? 0));
}

/**
 * A layer's variables as a run starts with them, and the kernel that the method makes of the given one.
 *
 * @param mask set where the layer is pruned: the kernel is masked after the start
 */
export function startedLayer(
  choice: MethodChoice,
  shape: WeightShape,
  given: Float32Array,
  mask?: Float32Array,
) {
  const { form } = weightMethod(choice);
  const start = form.initialize?.(given, shape, choice, new RandomStream(1, 'initialize')) ?? {};
  const specs = form.variables?.(shape, choice) ?? [];
  const { kernel = given, ...own } = start;
  const variables = Object.fromEntries(
    specs.map(({ name, shape: extents, initial }) => [
      name,
      own[name] ??
        new Float32Array(extents.reduce((product, size) => product * size, 1)).fill(
          initial.kind === 'constant' ? initial.value : 0,
        ),
    ]),
  );
  return {
    kernel: mask ? times(kernel, mask) : kernel,
    variables: mask ? { ...variables, mask } : variables,
  };
}

/** Variables as `callWeights` takes them. */
export function asNumbers(variables: Record<string, Float32Array>): Numbers {
  return Object.fromEntries(Object.entries(variables).map(([name, values]) => [name, [...values]]));
}

function tensors(specs: readonly VariableSpec[], given: Numbers): Record<string, Tensor> {
  return Object.fromEntries(
    specs.map(({ name, shape, initial }) => {
      const start = initial.kind === 'constant' ? initial.value : 0;
      const count = shape.reduce((product, size) => product * size, 1);
      const values = [given[name] ?? Array.from({ length: count }, () => start)].flat();
      return [name, tf.tensor(values, [...shape], 'float32')];
    }),
  );
}

/** Value and gradients (of the input and every trained variable) of one call, for the incoming gradient. */
async function call(
  f: (x: Tensor, context: MethodContext) => Tensor,
  x: Tensor,
  specs: readonly VariableSpec[],
  given: Numbers,
  incoming: readonly number[],
) {
  const variables = tensors(specs, given);
  const trained = specs.filter(({ trainable }) => trainable).map(({ name }) => name);
  const updates: Record<string, Tensor> = {};
  const update = (name: string, value: Tensor) => {
    tf.dispose(updates[name] ?? []);
    updates[name] = tf.keep(tf.clone(value));
  };
  const value = tf.tidy(() => f(x, { tf, variables, update }));
  const dy = tf.tensor([...incoming], x.shape, 'float32');
  const gradients = tf.tidy(() =>
    tf.grads((input: Tensor, ...rest: Tensor[]) => {
      const current = { ...variables, ...Object.fromEntries(trained.map((name, i) => [name, rest[i]])) };
      return f(input, { tf, variables: current as Record<string, Tensor>, update });
    })([x, ...trained.map((name) => variables[name] as Tensor)], dy),
  );
  const read = async (tensor: Tensor) => [...(await tensor.data())].map((number) => number + 0);
  const numbers = await Promise.all(gradients.map(read));
  const result = {
    value: await read(value),
    gradient: numbers[0] ?? [],
    variables: Object.fromEntries(trained.map((name, i) => [name, numbers[i + 1] ?? []])),
    updates: Object.fromEntries(
      await Promise.all(Object.entries(updates).map(async ([name, t]) => [name, await read(t)] as const)),
    ) as Record<string, number[]>,
  };
  tf.dispose([value, dy, gradients, updates, variables]);
  return result;
}

/** A gradient that differs from element to element, positive and negative. */
export function incomingFor(count: number, seed = 2): number[] {
  const random = new RandomStream(seed, 'incoming');
  return Array.from({ length: count }, () => Math.fround(random.nextNormal()));
}

export async function callWeights(
  choice: MethodChoice,
  kernel: Float32Array,
  shape: WeightShape,
  given: Numbers = {},
  incoming: readonly number[] = incomingFor(kernel.length),
) {
  const { form } = weightMethod(choice);
  const x = tf.tensor(kernel, [...shape.shape]);
  const own = form.variables?.(shape, choice) ?? [];
  const mask: VariableSpec = {
    name: 'mask',
    shape: shape.shape,
    trainable: false,
    decay: false,
    initial: { kind: 'constant', value: 1 },
  };
  const specs = given.mask ? [...own, mask] : own;
  const noise = form.noise?.(choice) ? tf.tensor(noiseFor(kernel.length), [...shape.shape]) : undefined;
  const result = await call(
    (w, context) => form.quantize(w, shape, choice, noise ? { ...context, noise } : context),
    x,
    specs,
    given,
    incoming,
  );
  tf.dispose([x, noise ?? []]);
  return result;
}

/** Uniform numbers in [0, 1), the same ones each time. */
export function noiseFor(count: number, seed = 5): Float32Array {
  const random = new RandomStream(seed, 'noise');
  return Float32Array.from({ length: count }, () => random.nextUniform());
}

/** Activations of shape [batch, …] (or of one dimension). */
export async function callActivations(
  choice: MethodChoice,
  input: ArrayLike<number>,
  shape: number[] = [input.length],
  given: Numbers = {},
  incoming: readonly number[] = incomingFor(input.length),
) {
  const { form } = activationMethod(choice);
  const x = tf.tensor(Float32Array.from(input), shape);
  const specs = form.variables?.(choice) ?? [];
  const result = await call(
    (value, context) => form.quantize(value, choice, context),
    x,
    specs,
    given,
    incoming,
  );
  x.dispose();
  return result;
}

/** Σ scale · code of the deployment form, element by element. */
export function deployedValues(deployed: DeployedWeights, shape: WeightShape): number[] {
  const count = deployed.levels[0]?.codes.length ?? 0;
  return Array.from({ length: count }, (_, i) =>
    deployed.levels.reduce(
      (sum, { codes, scale }) =>
        sum + (codes[i] ?? 0) * ((scale.length > 1 ? scale[filterOf(shape, i)] : scale[0]) ?? 0),
      0,
    ),
  );
}

/** Deployment form of a weight method for a kernel and given variables. */
export function deployWeights(
  choice: MethodChoice,
  kernel: Float32Array,
  shape: WeightShape,
  given: Record<string, Float32Array> = {},
): DeployedWeights {
  return weightMethod(choice).form.deploy(kernel, shape, choice, given);
}

export function expectClose(got: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  if (got.length !== expected.length)
    throw new Error(`${got.length} numbers, but ${expected.length} are expected`);
  got.forEach((value, i) => {
    const wanted = expected[i] ?? NaN;
    if (!(Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted))))
      throw new Error(`number ${i} is ${value}, but ${wanted} is expected`);
  });
}
