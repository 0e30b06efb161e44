import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import type { Tensor, Tensor2D, Tensor4D } from '#shared/base/tensorflow.ts';
import { dilateKernel } from '#shared/model/layers/dilate.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Gradient kernels of the wasm back end against the plain JavaScript back end, over geometry. */

const [cpu, wasm] = TEST_BACKENDS;
beforeAll(() => wasm?.activate());

function normal(shape: readonly number[], seed: string): Float32Array {
  const random = new RandomStream(1, seed);
  return Float32Array.from({ length: shape.reduce((p, n) => p * n, 1) }, () => random.nextNormal());
}

type Operation = (x: Tensor, w: Tensor) => Tensor;

async function gradients(operation: Operation, xShape: number[], wShape: number[]): Promise<number[][]> {
  const x = tf.tensor(normal(xShape, 'x'), xShape);
  const w = tf.tensor(normal(wShape, 'w'), wShape);
  const y = tf.tidy(() => operation(x, w));
  const dy = tf.tensor(normal(y.shape, 'dy'), y.shape);
  const [dx, dw] = tf.tidy(() =>
    tf.grads((a: Tensor, b: Tensor) => tf.sum(tf.mul(operation(a, b), dy)))([x, w]),
  ) as [Tensor, Tensor];
  const numbers = [[...(await y.data())], [...(await dx.data())], [...(await dw.data())]];
  tf.dispose([x, w, y, dy, dx, dw]);
  return numbers;
}

async function expectSame(operation: Operation, xShape: number[], wShape: number[]): Promise<void> {
  await cpu?.activate();
  const expected = await gradients(operation, xShape, wShape);
  await wasm?.activate();
  const before = tf.memory();
  const got = await gradients(operation, xShape, wShape);
  const after = tf.memory();
  expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  expected.forEach((values, i) =>
    values.forEach((value, j) => expect(got[i]?.[j], `tensor ${i} at ${j}`).toBeCloseTo(value, 3)),
  );
}

afterEach(() => wasm?.activate());

const geometries = [
  { size: [7, 5], kernel: [3, 3], strides: 1, pad: 'same' },
  { size: [7, 5], kernel: [3, 3], strides: 1, pad: 'valid' },
  { size: [8, 9], kernel: [5, 5], strides: 1, pad: 'valid' },
  { size: [8, 9], kernel: [4, 2], strides: 1, pad: 'same' },
  { size: [8, 7], kernel: [3, 3], strides: 2, pad: 'same' },
  { size: [9, 8], kernel: [3, 3], strides: 2, pad: 'valid' },
  { size: [11, 10], kernel: [5, 3], strides: 3, pad: 'same' },
  { size: [6, 6], kernel: [1, 1], strides: 2, pad: 'valid' },
  { size: [6, 7], kernel: [1, 1], strides: 1, pad: 'same' },
  { size: [4, 4], kernel: [4, 4], strides: 1, pad: 'valid' },
  { size: [5, 5], kernel: [2, 2], strides: 4, pad: 'same' },
] as const;

describe.each(geometries)(
  '$kernel kernel on $size, stride $strides, $pad',
  ({ size, kernel, strides, pad }) => {
    it.each([
      [1, 1],
      [3, 4],
      [5, 2],
    ])('conv2d %d→%d channels', (cin, cout) =>
      expectSame(
        (x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, strides, pad),
        [2, ...size, cin],
        [...kernel, cin, cout],
      ),
    );

    it.each([1, 5])('depthwise conv2d, %d channels', (channels) =>
      expectSame(
        (x, w) => tf.depthwiseConv2d(x as Tensor4D, w as Tensor4D, strides, pad),
        [2, ...size, channels],
        [...kernel, channels, 1],
      ),
    );
  },
);

describe('asymmetric strides and explicit padding', () => {
  it('conv2d with strides [2, 1]', () =>
    expectSame(
      (x, w) => tf.conv2d(x as Tensor4D, w as Tensor4D, [2, 1], 'same'),
      [1, 7, 6, 2],
      [3, 3, 2, 3],
    ));

  it('conv2d with uneven explicit padding', () =>
    expectSame(
      (x, w) =>
        tf.conv2d(x as Tensor4D, w as Tensor4D, 1, [
          [0, 0],
          [2, 1],
          [0, 2],
          [0, 0],
        ]),
      [1, 6, 5, 2],
      [3, 3, 2, 3],
    ));
});

describe('dilated convolutions', () => {
  it.each([
    [2, 2],
    [3, 1],
  ])('have gradients with dilation [%d, %d]', (dh, dw) =>
    expectSame(
      (x, w) => tf.conv2d(x as Tensor4D, dilateKernel(tf, w, [dh, dw]) as Tensor4D, 1, 'same'),
      [2, 9, 8, 2],
      [3, 3, 2, 3],
    ),
  );
});

describe('maximum pooling', () => {
  // The back end's own gradient forgets windows whose maximum is negative.
  it.each([
    { size: [4, 5], window: 2, strides: 2, pad: 'valid' },
    { size: [7, 6], window: 3, strides: 2, pad: 'same' },
    { size: [5, 5], window: 3, strides: 1, pad: 'same' },
    { size: [6, 6], window: 1, strides: 2, pad: 'valid' },
    {
      size: [6, 7],
      window: 3,
      strides: 2,
      pad: [
        [0, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ],
    },
  ] as const)(
    'of negative values: $size, window $window, strides $strides, $pad',
    ({ size, window, strides, pad }) =>
      expectSame(
        (x, w) => tf.maxPool(tf.sub(x, tf.add(tf.abs(w), 3)) as Tensor4D, window, strides, pad as 'same'),
        [2, ...size, 3],
        [3],
      ),
  );

  it('sends the gradient of equal values to the first of them', async () => {
    const gradient = tf.tidy(() =>
      tf.grad((x: Tensor) => tf.sum(tf.maxPool(x as Tensor4D, 2, 2, 'valid')))(tf.fill([1, 2, 4, 1], -1)),
    );
    expect([...(await gradient.data())]).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
    gradient.dispose();
  });
});

describe('matrix products', () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('transposeA %s, transposeB %s', (transposeA, transposeB) =>
    expectSame(
      (a, b) => tf.matMul(a as Tensor2D, b as Tensor2D, transposeA, transposeB),
      transposeA ? [13, 5] : [5, 13],
      transposeB ? [7, 13] : [13, 7],
    ),
  );

  it('batches of matrices', () => expectSame((a, b) => tf.matMul(a, b, true, false), [3, 4, 5], [3, 4, 6]));
});

describe('sums and means over the leading axes on wasm', () => {
  const cases: [shape: number[], axes: number[]][] = [
    [[97, 33], [0]],
    [
      [9, 8, 7, 6],
      [0, 1, 2],
    ],
    [
      [5, 5, 3, 40],
      [2, 1, 0],
    ],
    [
      [6, 5, 4, 20],
      [0, 1],
    ],
    [
      [50, 50, 1],
      [0, -2],
    ],
    // Not leading, all, or small: the back end's own kernels.
    [[97, 33], [1]],
    [
      [97, 33],
      [0, 1],
    ],
    [
      [9, 8, 7, 6],
      [0, 2],
    ],
    [[3, 4], [0]],
  ];

  it.each(cases)('%j over %j agrees with plain sums, and leaves nothing behind', async (shape, axes) => {
    const values = normal(shape, 'reduce');
    const x = tf.tensor(values, shape);
    const reduced = axes.map((axis) => (axis + shape.length) % shape.length);
    const kept = shape.map((extent, axis) => (reduced.includes(axis) ? 1 : extent));
    const sums = new Array<number>(kept.reduce((p, n) => p * n, 1)).fill(0);
    values.forEach((value, i) => {
      let rest = i;
      let at = 0;
      let stride = 1;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const extent = shape[axis] ?? 1;
        if (!reduced.includes(axis)) {
          at += (rest % extent) * stride;
          stride *= extent;
        }
        rest = Math.floor(rest / extent);
      }
      sums[at] = (sums[at] ?? 0) + value;
    });
    const count = values.length / sums.length;
    for (const keepDims of [false, true]) {
      const before = tf.memory();
      const [sum, mean] = [tf.sum(x, axes, keepDims), tf.mean(x, axes, keepDims)];
      const expected = keepDims ? kept : shape.filter((_, axis) => !reduced.includes(axis));
      expect([sum.shape, mean.shape]).toEqual([expected, expected]);
      const [gotSum, gotMean] = [await sum.data(), await mean.data()];
      sums.forEach((value, i) => {
        expect(gotSum[i]).toBeCloseTo(value, 3);
        expect(gotMean[i]).toBeCloseTo(value / count, 5);
      });
      tf.dispose([sum, mean]);
      const after = tf.memory();
      expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
    }
    x.dispose();
  });

  it('gives their gradients', async () => {
    const x = tf.tensor(normal([64, 40], 'x'), [64, 40]);
    const dy = tf.tensor(normal([40], 'dy'), [40]);
    const [sum, mean] = [(v: Tensor) => tf.sum(v, 0), (v: Tensor) => tf.mean(v, 0)].map((f) =>
      tf.tidy(() => tf.grad((v: Tensor) => tf.sum(tf.mul(f(v), dy)))(x)),
    ) as [Tensor, Tensor];
    const [incoming, gotSum, gotMean] = [await dy.data(), await sum.data(), await mean.data()];
    gotSum.forEach((value, i) => expect(value).toBeCloseTo(incoming[i % 40] ?? NaN, 6));
    gotMean.forEach((value, i) => expect(value).toBeCloseTo((incoming[i % 40] ?? NaN) / 64, 6));
    tf.dispose([x, dy, sum, mean]);
  });
});
