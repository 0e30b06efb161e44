import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { LAYER_KINDS, layerKindOf } from '#shared/model/layers/registry.ts';
import { dilateKernel } from '#shared/model/layers/dilate.ts';
import { foldBatchNorm } from '#shared/model/layers/batch-norm/fold.ts';
import { LayerSpecSchema } from '#shared/model/spec.ts';
import type { LayerContext, ResolvedLayer } from '#shared/model/types.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

beforeAll(() => TEST_BACKENDS[1]?.activate());

function context(over: Partial<LayerContext> = {}): LayerContext {
  return {
    tf,
    variables: {},
    update: () => undefined,
    quantizedKernel: () => {
      throw new Error('no kernel');
    },
    quantizedActivation: (x) => tf.relu(x),
    ...over,
  };
}

function resolved(fields: Record<string, unknown>, ...inputShapes: number[][]): ResolvedLayer {
  const spec = LayerSpecSchema.parse({ id: 'layer', ...fields });
  const shape = layerKindOf(spec.kind).inferShape(spec, inputShapes);
  return { spec, inputs: ['input'], inputShapes, shape, inputBits: 32, outputBits: 32 };
}

describe('registry of layer kinds', () => {
  it('lists every folder', () => {
    const folders = readdirSync('src-shared/model/layers', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(LAYER_KINDS.map(({ kind }) => kind).sort()).toEqual(folders.sort());
  });
});

describe('inferred shapes are those that TensorFlow.js computes', () => {
  const cases = ['conv2d', 'depthwise-conv2d', 'max-pool', 'average-pool'].flatMap((kind) =>
    [
      { height: 7, width: 5, window: [3, 2], strides: 1, dilation: 1 },
      { height: 8, width: 9, window: [2, 2], strides: 2, dilation: 1 },
      { height: 11, width: 10, window: [3, 3], strides: 3, dilation: 1 },
      { height: 11, width: 12, window: [3, 3], strides: 1, dilation: 2 },
      { height: 4, width: 4, window: [4, 4], strides: 1, dilation: 1 },
    ].flatMap((geometry) => ['same', 'valid'].map((padding) => ({ kind, padding, ...geometry }))),
  );

  it.each(cases)('$kind $window on $height×$width, stride $strides, dilation $dilation, $padding', (c) => {
    const pool = c.kind.endsWith('pool');
    if (pool && c.dilation > 1) return;
    const layer = resolved(
      pool
        ? { kind: c.kind, size: c.window, strides: c.strides, padding: c.padding }
        : {
            kind: c.kind,
            kernel: c.window,
            strides: c.strides,
            dilation: c.dilation,
            padding: c.padding,
            ...(c.kind === 'conv2d' ? { filters: 4 } : {}),
          },
      [c.height, c.width, 3],
    );
    const kind = layerKindOf(c.kind);
    const kernel = kind.kernel?.(layer.spec, layer.inputShapes);
    const shape = tf.tidy(
      () =>
        kind.forward(
          layer,
          [tf.zeros([2, c.height, c.width, 3])],
          context({ quantizedKernel: () => tf.zeros([...(kernel?.shape ?? [])]) }),
        ).shape,
    );
    expect(shape).toEqual([2, ...layer.shape]);
  });
});

describe('dilated kernels', () => {
  it('make a plain convolution the dilated one, on odd shapes', async () => {
    const random = new RandomStream(1, 'dilate');
    const numbers = (shape: number[]) =>
      tf.tensor(
        Float32Array.from({ length: shape.reduce((p, n) => p * n, 1) }, () => random.nextNormal()),
        shape,
      );
    const x = numbers([1, 11, 9, 2]);
    const w = numbers([3, 2, 2, 3]);
    const [plain, dilated] = tf.tidy(() => [
      tf.conv2d(x as never, dilateKernel(tf, w, [2, 3]) as never, 1, 'valid'),
      tf.conv2d(x as never, w as never, 1, 'valid', 'NHWC', [2, 3]),
    ]) as [Tensor, Tensor];
    const [a, b] = [await plain.data(), await dilated.data()];
    expect(plain.shape).toEqual(dilated.shape);
    a.forEach((value, i) => expect(value).toBeCloseTo(b[i] ?? NaN, 4));
    tf.dispose([x, w, plain, dilated]);
  });
});

describe('batch norm', () => {
  it('normalises each channel and updates its statistics with the biased variance', async () => {
    const layer = resolved({ kind: 'batch-norm', momentum: 0.75, epsilon: 1e-3 }, [2]);
    const x = [1, 10, 3, 20, 8, 0];
    const updates: Record<string, Tensor> = {};
    const y = tf.tidy(() =>
      layerKindOf('batch-norm').forward(
        layer,
        [tf.tensor2d(x, [3, 2])],
        context({
          variables: {
            gamma: tf.tensor1d([2, 1]),
            beta: tf.tensor1d([0, -1]),
            mean: tf.tensor1d([1, 1]),
            variance: tf.tensor1d([1, 1]),
          },
          update: (name, value) => {
            updates[name] = tf.keep(value);
          },
        }),
      ),
    );
    const got = await y.data();
    for (const c of [0, 1]) {
      const column = [x[c], x[2 + c], x[4 + c]] as number[];
      const mean = column.reduce((s, v) => s + v, 0) / 3;
      const variance = column.reduce((s, v) => s + (v - mean) ** 2, 0) / 3;
      column.forEach((value, i) =>
        expect(got[i * 2 + c]).toBeCloseTo(
          ([2, 1][c] ?? 0) * ((value - mean) / Math.sqrt(variance + 1e-3)) + (c ? -1 : 0),
          3,
        ),
      );
      expect((await updates.mean?.data())?.[c]).toBeCloseTo(0.75 + 0.25 * mean, 4);
      expect((await updates.variance?.data())?.[c]).toBeCloseTo(0.75 + 0.25 * variance, 3);
    }
    tf.dispose([y, updates]);
  });

  it('folds into one factor and one offset, rounded once per operation', () => {
    const { factor, offset } = foldBatchNorm(
      Float32Array.of(0.1, -2),
      Float32Array.of(0.3, 5),
      Float32Array.of(7, -0.01),
      Float32Array.of(3, 0),
      1e-4,
    );
    const fl = Math.fround;
    const k = fl(fl(0.1) / fl(Math.sqrt(fl(3 + fl(1e-4)))));
    expect(factor[0]).toBe(k);
    expect(offset[0]).toBe(fl(fl(0.3) - fl(7 * k)));
    expect(factor[1]).toBeCloseTo(-200, 3);
  });
});

describe('dropout', () => {
  it('keeps a value where the noise is at or above the rate, and scales it up', async () => {
    const layer = resolved({ kind: 'dropout', rate: 0.25 }, [4]);
    const y = tf.tidy(() =>
      layerKindOf('dropout').forward(
        layer,
        [tf.tensor2d([3, 3, 3, 3], [1, 4])],
        context({ noise: tf.tensor2d([0, 0.24, 0.25, 0.9], [1, 4]) }),
      ),
    );
    expect([...(await y.data())]).toEqual([0, 0, 4, 4]);
    y.dispose();
  });
});
