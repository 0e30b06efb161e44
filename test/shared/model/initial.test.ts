import { describe, expect, it } from 'vitest';
import { resolveModel } from '#shared/model/resolve.ts';
import { ModelSpecSchema } from '#shared/model/spec.ts';
import { initialValues, networkVariables } from '#shared/model/variables.ts';

const FLOAT = {
  weights: { method: 'full-precision' },
  activations: { method: 'full-precision', function: 'relu' },
};

/** A convolution 3×3, 12 → 20 channels, with these first values; its 2160 weights. */
function kernelOf(initial: unknown, kind: 'conv2d' | 'depthwise-conv2d' = 'conv2d'): Float32Array {
  const layer = kind === 'conv2d' ? { kind, filters: 20, kernel: 3 } : { kind, kernel: 15 };
  const spec = ModelSpecSchema.parse({
    version: 1,
    name: 'test',
    input: { shape: [16, 16, 12] },
    layers: [
      { id: 'c', ...layer, ...(initial ? { initial } : {}) },
      { id: 'm', kind: 'global-average-pool' },
    ],
  });
  return initialValues(resolveModel(spec, FLOAT), 1)['c/kernel'] ?? new Float32Array();
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe('first values of a kernel', () => {
  // The deviation of n normal numbers is off by 1/√(2n) of itself: 1.5 % here, for which five of those are allowed.
  it.each([
    ['none: He normal', undefined, Math.sqrt(2 / 108)],
    ['He normal by fan-in', { kind: 'he-normal' }, Math.sqrt(2 / 108)],
    ['He normal by fan-out', { kind: 'he-normal', fan: 'out' }, Math.sqrt(2 / 180)],
    ['LeCun normal', { kind: 'lecun-normal' }, Math.sqrt(1 / 108)],
    ['normal', { kind: 'normal', deviation: 0.05 }, 0.05],
    ['uniform', { kind: 'uniform', limit: 1 }, 1 / Math.sqrt(3)],
    ['Glorot uniform', { kind: 'glorot-uniform' }, Math.sqrt(6 / 288) / Math.sqrt(3)],
  ])('%s', (_title, initial, wanted) => {
    const values = kernelOf(initial);
    expect(values).toHaveLength(2160);
    expect(Math.abs(deviation(values) / wanted - 1)).toBeLessThan(5 / Math.sqrt(2 * 2160));
  });

  it('uniform values stay within their limit and reach towards it', () => {
    const values = kernelOf({ kind: 'uniform', limit: 0.3 });
    expect(values.every((value) => Math.abs(value) <= 0.3)).toBe(true);
    expect(Math.max(...values)).toBeGreaterThan(0.29);
    expect(Math.min(...values)).toBeLessThan(-0.29);
  });

  it('a depthwise kernel has its window as fan-in and fan-out', () => {
    for (const fan of ['in', 'out']) {
      const ratio = deviation(kernelOf({ kind: 'he-normal', fan }, 'depthwise-conv2d')) / Math.sqrt(2 / 225);
      expect(Math.abs(ratio - 1)).toBeLessThan(5 / Math.sqrt(2 * 2700));
    }
  });

  it('are the same each time', () => {
    expect(kernelOf({ kind: 'normal', deviation: 1 })).toEqual(kernelOf({ kind: 'normal', deviation: 1 }));
  });
});

describe('batch norm that trains neither scale nor offset', () => {
  const model = (fields: object) =>
    resolveModel(
      ModelSpecSchema.parse({
        version: 1,
        name: 'test',
        input: { shape: [1, 1, 4] },
        layers: [
          { id: 'f', kind: 'flatten' },
          { id: 'd', kind: 'dense', units: 3 },
          { id: 'n', kind: 'batch-norm', ...fields },
        ],
      }),
      FLOAT,
    );
  const trained = (fields: object) =>
    networkVariables(model(fields)).flatMap(({ layer, short, trainable }) =>
      layer === 'n' && trainable ? [short] : [],
    );

  it('leaves out what its fields say', () => {
    expect(trained({})).toEqual(['gamma', 'beta']);
    expect(trained({ scale: false })).toEqual(['beta']);
    expect(trained({ offset: false })).toEqual(['gamma']);
    expect(trained({ scale: false, offset: false })).toEqual([]);
  });

  it('keeps γ = 1 and β = 0 as state, so that it folds like any other', () => {
    const values = initialValues(model({ scale: false, offset: false }), 1);
    expect([...(values['n/gamma'] ?? [])]).toEqual([1, 1, 1]);
    expect([...(values['n/beta'] ?? [])]).toEqual([0, 0, 0]);
  });
});
