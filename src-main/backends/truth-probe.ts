import '@tensorflow/tfjs-backend-cpu';
import { RandomStream } from '#shared/base/random.ts';
import type { Tensor, Tensor2D, Tensor4D } from '#shared/base/tensorflow.ts';
import { layerKindOf } from '#shared/model/layers/registry.ts';
import type { TruthProbe } from '#shared/run/record.ts';
import { tf, useBackend } from './tfjs.ts';
import type { BackEnd } from './types.ts';

interface Check {
  name: string;
  inputs: Record<string, number[]>;
  /** A differentiable function of the inputs. */
  run(inputs: Record<string, Tensor>): Tensor;
}

const conv = (strides: number, pad: 'same' | 'valid') => (t: Record<string, Tensor>) =>
  tf.conv2d(t.x as Tensor4D, t.w as Tensor4D, strides, pad);
const depthwise = (strides: number, pad: 'same' | 'valid') => (t: Record<string, Tensor>) =>
  tf.depthwiseConv2d(t.x as Tensor4D, t.w as Tensor4D, strides, pad);

/** Known operations on odd shapes; values and gradients are compared with the plain JavaScript back end. */
const CHECKS: readonly Check[] = [
  { name: 'conv2d 3×3 same', inputs: { x: [2, 7, 5, 3], w: [3, 3, 3, 4] }, run: conv(1, 'same') },
  { name: 'conv2d 5×5 valid', inputs: { x: [2, 9, 8, 2], w: [5, 5, 2, 3] }, run: conv(1, 'valid') },
  { name: 'conv2d 3×3 stride 2 same', inputs: { x: [2, 8, 7, 3], w: [3, 3, 3, 5] }, run: conv(2, 'same') },
  { name: 'conv2d 1×1 stride 2 valid', inputs: { x: [1, 6, 5, 4], w: [1, 1, 4, 3] }, run: conv(2, 'valid') },
  { name: 'depthwise 3×3 same', inputs: { x: [2, 6, 7, 3], w: [3, 3, 3, 1] }, run: depthwise(1, 'same') },
  {
    name: 'depthwise 3×3 stride 2 same',
    inputs: { x: [1, 7, 8, 5], w: [3, 3, 5, 1] },
    run: depthwise(2, 'same'),
  },
  {
    name: 'dense',
    inputs: { x: [5, 13], w: [13, 7] },
    run: (t) => tf.matMul(t.x as Tensor2D, t.w as Tensor2D),
  },
  {
    name: 'max pooling 2×2',
    inputs: { x: [2, 6, 6, 3] },
    run: (t) => tf.maxPool(t.x as Tensor4D, 2, 2, 'valid'),
  },
  {
    name: 'max pooling 3×3 stride 2 same',
    inputs: { x: [1, 7, 7, 2] },
    run: (t) => tf.maxPool(t.x as Tensor4D, 3, 2, 'same'),
  },
  {
    name: 'average pooling 2×2',
    inputs: { x: [2, 6, 6, 3] },
    run: (t) => tf.avgPool(t.x as Tensor4D, 2, 2, 'valid'),
  },
  {
    name: 'batch norm',
    inputs: { x: [4, 3, 3, 5], gamma: [5], beta: [5], mean: [5], variance: [5] },
    run: ({ x, ...variables }) => {
      const spec = { id: 'norm', kind: 'batch-norm', momentum: 0.9, epsilon: 1e-4 };
      const shape = [3, 3, 5];
      return layerKindOf('batch-norm').forward(
        { spec, inputs: ['input'], inputShapes: [shape], shape, inputBits: 32, outputBits: 32 },
        x ? [x] : [],
        {
          tf,
          variables: variables as Record<string, Tensor>,
          update: () => undefined,
          quantizedKernel: () => tf.scalar(0),
          quantizedActivation: (value) => value,
        },
      );
    },
  },
];

/** Largest absolute difference that rounding in float32 explains for sums of this size. */
const TOLERANCE = 2e-4;

type Numbers = Record<string, Float32Array>;

/**
 * Computes known values and gradients on the back end and on TensorFlow.js's plain JavaScript one, and compares them.
 * Leaves the back end active.
 *
 * @throws when the back end cannot be activated
 */
export async function probeTruth(backEnd: BackEnd): Promise<TruthProbe> {
  await useBackend('cpu');
  // Its first use prints an advertisement for another package.
  Object.assign(tf.backend(), { firstUse: false });
  const expected = await Promise.all(CHECKS.map(compute));
  await backEnd.activate();
  const checks: TruthProbe['checks'] = [];
  for (const [i, check] of CHECKS.entries()) {
    let difference = Infinity;
    try {
      difference = largestDifference(expected[i] ?? {}, await compute(check));
    } catch {
      // a kernel that is missing or fails is as untrue as a wrong number
    }
    const finite = Number.isFinite(difference) ? difference : Number.MAX_VALUE;
    checks.push({ name: check.name, difference: finite, tolerance: TOLERANCE, passed: finite <= TOLERANCE });
  }
  return { passed: checks.every(({ passed }) => passed), checks };
}

async function compute(check: Check): Promise<Numbers> {
  const names = Object.keys(check.inputs);
  const inputs = names.map((name) => {
    const shape = check.inputs[name] ?? [];
    const random = new RandomStream(1, `truth:${check.name}:${name}`);
    const count = shape.reduce((product, size) => product * size, 1);
    return tf.tensor(
      Float32Array.from({ length: count }, () => random.nextNormal()),
      shape,
    );
  });
  const named = (values: Tensor[]) =>
    Object.fromEntries(names.map((name, i) => [name, values[i]])) as Record<string, Tensor>;
  const result: Numbers = {};
  const value = tf.tidy(() => check.run(named(inputs)));
  result.value = Float32Array.from(await value.data());
  // A weighted sum, so that the gradient that flows back differs from element to element.
  const random = new RandomStream(2, check.name);
  const weights = tf.tensor(
    Float32Array.from({ length: value.size }, () => random.nextNormal()),
    value.shape,
  );
  const differentiated = names.filter((name) => name !== 'mean' && name !== 'variance');
  const gradients = tf.tidy(() =>
    tf.grads((...values: Tensor[]) => {
      const all = named(inputs);
      differentiated.forEach((name, i) => Object.assign(all, { [name]: values[i] }));
      return tf.sum(tf.mul(check.run(all), weights));
    })(differentiated.map((name) => named(inputs)[name]) as Tensor[]),
  );
  for (const [i, name] of differentiated.entries()) {
    const gradient = gradients[i];
    if (gradient) result[`d${name}`] = Float32Array.from(await gradient.data());
  }
  tf.dispose([inputs, value, weights, gradients]);
  return result;
}

function largestDifference(expected: Numbers, got: Numbers): number {
  let largest = 0;
  for (const [name, values] of Object.entries(expected)) {
    const others = got[name];
    if (others?.length !== values.length) return Infinity;
    for (let i = 0; i < values.length; i++) {
      const difference = Math.abs((values[i] ?? 0) - (others[i] ?? 0));
      if (!(difference <= largest))
        largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
    }
  }
  return largest;
}
