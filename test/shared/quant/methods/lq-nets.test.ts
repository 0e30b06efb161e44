import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { solveTensor } from '#shared/quant/methods/lq-nets/solve.ts';
import { activationMethod, weightMethod } from '#shared/quant/registry.ts';
import { filterOf, groups } from '#shared/quant/parts/scales.ts';
import { staircaseByThresholds } from '#shared/train/evaluate.ts';
import {
  SHAPES,
  activationChoice,
  callActivations,
  callWeights,
  deployWeights,
  deployedValues,
  expectClose,
  incomingFor,
  kernelOf,
  weightChoice,
} from '#test/support/quant-forms.ts';
import { smallAccuracy } from '#test/support/small-accuracy.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Elimination with pivoting, for the reference. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, j) => [...row, right[j] ?? 0]);
  rows.forEach((_, k) => {
    const best = rows.slice(k).reduce((a, b) => (Math.abs(b[k] ?? 0) > Math.abs(a[k] ?? 0) ? b : a));
    rows.splice(rows.indexOf(best), 1);
    rows.splice(k, 0, best);
    rows.forEach((row, j) => {
      const factor = (row[k] ?? 0) / (best[k] ?? NaN);
      if (j !== k) row.forEach((x, c) => (row[c] = x - factor * (best[c] ?? 0)));
    });
  });
  return rows.map((row, k) => (row.at(-1) ?? 0) / (row[k] ?? NaN));
}

/** The paper's algorithm, value by value: nearest level (the lower one at a tie), and one QEM update. */
function reference(x: readonly number[], basis: readonly number[], low: number, ridge: number) {
  const K = basis.length;
  const cells = Array.from({ length: 2 ** K }, (_, m) =>
    Array.from({ length: K }, (_, k) => (Math.floor(m / 2 ** k) % 2 === 1 ? 1 : low)),
  )
    .map((b) => ({ b, level: b.reduce((sum, code, k) => sum + code * (basis[k] ?? 0), 0) }))
    .sort((p, q) => p.level - q.level);
  const chosen = x.map((v) =>
    cells.reduce((p, q) => (Math.abs(v - q.level) < Math.abs(v - p.level) ? q : p)),
  );
  const sum = (f: (b: number[], v: number) => number) =>
    chosen.reduce((total, { b }, i) => total + f(b, x[i] ?? 0), 0) / x.length;
  const matrix = basis.map((_, j) =>
    basis.map((__, k) => sum((b) => (b[j] ?? 0) * (b[k] ?? 0)) + (j === k ? ridge : 0)),
  );
  const right = basis.map((v, j) => sum((b, value) => (b[j] ?? 0) * value) + ridge * v);
  return {
    value: chosen.map(({ level }) => level),
    codes: chosen.map(({ b }) => b),
    fitted: solve(matrix, right),
    highest: cells.at(-1)?.level ?? NaN,
  };
}

const BASES: Record<number, number[][]> = {
  1: [[0.5], [0.25]],
  2: [
    [0.25, 0.5],
    [0.6, 0.2],
  ],
  3: [
    [0.125, 0.25, 0.5],
    [0.3, 0.31, 0.4],
  ],
  4: [
    [0.0625, 0.125, 0.25, 0.5],
    [0.5, 0.1, 0.3, 0.05],
  ],
};

describe.each(TEST_BACKENDS)('LQ-Nets on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('weights %s', (_name, shape) => {
    it.each([1, 2, 3, 4])('K = %d: values, codes and the fit of every filter', async (K) => {
      const kernel = kernelOf(shape);
      const g = incomingFor(kernel.length);
      const choice = weightChoice('lq-nets', { bits: K, momentum: 0.75, ridge: 1e-3 });
      const bases = Array.from(
        { length: shape.filters },
        (_, f) => BASES[K]?.[f % 2]?.map((v) => Math.fround(v * (1 + f / 8))) ?? [],
      );
      const got = await callWeights(choice, kernel, shape, { basis: bases.flat() }, g);
      expect(got.gradient).toEqual(g);
      const deployed = deployWeights(choice, kernel, shape, { basis: Float32Array.from(bases.flat()) });
      expectClose(deployedValues(deployed, shape), got.value);
      expect(deployed.levels).toHaveLength(K);
      groups(shape, 'filter').forEach((members, f) => {
        const expected = reference(
          [...members].map((i) => kernel[i] ?? 0),
          bases[f] ?? [],
          -1,
          1e-3,
        );
        [...members].forEach((i, at) => {
          expect(filterOf(shape, i)).toBe(f);
          expect(got.value[i]).toBeCloseTo(expected.value[at] ?? NaN, 5);
          expect(deployed.levels.map(({ codes }) => codes[i])).toEqual(expected.codes[at]);
        });
        expectClose(
          got.updates.basis?.slice(f * K, f * K + K) ?? [],
          expected.fitted.map((v, k) => 0.25 * v + 0.75 * (bases[f]?.[k] ?? NaN)),
          1e-3,
        );
      });
    });
  });

  it.each([1, 2, 3, 4].flatMap((K) => [0, 1].map((which) => [K, which] as const)))(
    'activations, K = %d, basis %d: values, gradient, fit, deployment',
    async (K, which) => {
      const basis = (BASES[K]?.[which] ?? []).map(Math.fround);
      const total = basis.reduce((sum, v) => sum + v, 0);
      const random = new RandomStream(8, 'lq');
      const x = [-1, -1e-30, 0, 1e-30, 0.0625, 0.125, 0.5, Math.fround(total), 2, 5].concat(
        Array.from({ length: 50 }, () => Math.fround(0.7 * random.nextNormal())),
      );
      const g = incomingFor(x.length);
      const choice = activationChoice('lq-nets', { bits: K, momentum: 0.5, ridge: 1e-3 });
      const state = Object.fromEntries(basis.map((v, k) => [`basis${k}`, v]));
      const got = await callActivations(choice, x, [3, 4, 5], state, g);
      const expected = reference(
        x.map((v) => Math.max(0, v)),
        basis,
        0,
        1e-3,
      );
      expectClose(got.value, expected.value);
      expectClose(
        got.gradient,
        x.map((v, i) => (v > 0 && v <= Math.fround(total) ? (g[i] ?? 0) : 0)),
      );
      expectClose(
        basis.map((_, k) => got.updates[`basis${k}`]?.[0] ?? NaN),
        expected.fitted.map((v, k) => 0.5 * v + 0.5 * (basis[k] ?? NaN)),
        1e-3,
      );
      const plain = Object.fromEntries(basis.map((v, k) => [`basis${k}`, Float32Array.of(v)]));
      const staircase = activationMethod(choice).form.deploy(choice, plain);
      if (!staircase) throw new Error('LQ-Nets has a deployment form');
      expect(staircase.more ?? []).toHaveLength(K - 1);
      const evaluated = tf.tidy(() => staircaseByThresholds(tf, staircase, tf.tensor1d(x)));
      expectClose([...(await evaluated.data())], got.value);
      evaluated.dispose();
    },
  );

  it.each([1, 2, 3, 4])('solves systems of %d unknowns', async (K) => {
    const random = new RandomStream(9, 'solve');
    const systems = Array.from({ length: 5 }, () => {
      const b = Array.from({ length: 6 }, () => Array.from({ length: K }, () => random.nextNormal()));
      const matrix = Array.from({ length: K }, (_, j) =>
        Array.from({ length: K }, (__, k) =>
          b.reduce((sum, row) => sum + (row[j] ?? 0) * (row[k] ?? 0), j === k ? 0.5 : 0),
        ),
      );
      return { matrix, right: Array.from({ length: K }, () => random.nextNormal()) };
    });
    const got = tf.tidy(() =>
      solveTensor(
        tf,
        tf.tensor(systems.map(({ matrix }) => matrix)),
        tf.tensor(
          systems.flatMap(({ right }) => right),
          [5, K, 1],
        ),
      ),
    );
    expectClose(
      [...(await got.data())],
      systems.flatMap(({ matrix, right }) => solve(matrix, right)),
      1e-4,
    );
    got.dispose();
  });
});

describe('LQ-Nets', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('a code that no value uses keeps its place in the basis', async () => {
    const choice = activationChoice('lq-nets', { bits: 2, momentum: 0 });
    // All inputs fall into the cells 0 and 0.25: the second basis vector is never used.
    const got = await callActivations(choice, [0, 0.2, 0.3, 0.3], [4], { basis0: 0.25, basis1: 4 });
    expect(got.updates.basis1?.[0]).toBeCloseTo(4, 4);
    expect(got.updates.basis0?.[0]).toBeCloseTo(0.8 / 3, 3);
  });

  it('a batch of zeros and a layer of zeros keep everything finite', async () => {
    const zeros = await callActivations(activationChoice('lq-nets', { bits: 4 }), [0, 0, 0, 0], [2, 2]);
    expect(zeros.value).toEqual([0, 0, 0, 0]);
    expect(Object.values(zeros.updates).flat().every(Number.isFinite)).toBe(true);
    const choice = weightChoice('lq-nets', { bits: 3 });
    const start = weightMethod(choice).form.initialize?.(
      new Float32Array(78),
      SHAPES.DENSE,
      choice,
      new RandomStream(1, 'x'),
    );
    const basis = [...(start?.basis ?? [])];
    const layer = await callWeights(choice, new Float32Array(78), SHAPES.DENSE, { basis });
    expect([...layer.value, ...(layer.updates.basis ?? [])].every((x) => x === 0)).toBe(true);
  });

  it('a negative basis vector: what lies below zero still deploys as zero', async () => {
    const choice = activationChoice('lq-nets', { bits: 2 });
    const state = { basis0: -0.25, basis1: 1 };
    const x = [-3, -0.2, -0.1, 0, 0.3, 0.4, 0.8, 0.9, 2];
    const got = await callActivations(choice, x, [9], state);
    const staircase = activationMethod(choice).form.deploy(choice, {
      basis0: Float32Array.of(-0.25),
      basis1: Float32Array.of(1),
    });
    if (!staircase) throw new Error('LQ-Nets has a deployment form');
    expect(got.value).toEqual([0, 0, 0, 0, 0, 0.75, 0.75, 1, 1]);
    const evaluated = tf.tidy(() => staircaseByThresholds(tf, staircase, tf.tensor1d(x)));
    expectClose([...(await evaluated.data())], got.value);
    evaluated.dispose();
  });

  it('repeated fits come closer to the data: the error falls and settles', async () => {
    const shape = { shape: [400, 1], filters: 1, fanIn: 400, filterAxis: 1 };
    const kernel = kernelOf(shape, 3);
    const choice = weightChoice('lq-nets', { bits: 2 });
    let basis = [0.1, 0.9];
    const errors: number[] = [];
    for (let step = 0; step < 120; step++) {
      const got = await callWeights(choice, kernel, shape, { basis });
      errors.push(kernel.reduce((sum, w, i) => sum + (w - (got.value[i] ?? 0)) ** 2, 0));
      basis = got.updates.basis ?? [];
    }
    expect(errors.at(-1) ?? NaN).toBeLessThan(0.6 * (errors[0] ?? NaN));
    expect(errors.at(-1) ?? NaN).toBeCloseTo(errors.at(-10) ?? NaN, 1);
  });

  it('starts from 0.6745·σ·2^k/2^(K−1) for weights and 2·0.6745/(2^K−1)·2^k for activations', () => {
    const shape = { shape: [2, 2], filters: 2, fanIn: 2, filterAxis: 1 };
    const choice = weightChoice('lq-nets', { bits: 2 });
    const made = weightMethod(choice).form.initialize?.(
      Float32Array.of(2, -2, 2, 2),
      shape,
      choice,
      new RandomStream(1, 'x'),
    );
    expectClose([...(made?.basis ?? [])], [0.6745, 1.349, 0.6745, 1.349], 1e-6);
    const activations = activationChoice('lq-nets', { bits: 3 });
    const variables = activationMethod(activations).form.variables?.(activations) ?? [];
    expectClose(
      variables.map(({ initial }) => (initial.kind === 'constant' ? initial.value : NaN)),
      [1.349 / 7, 2.698 / 7, 5.396 / 7],
      1e-6,
    );
  });

  it.each([
    [2, 2],
    [1, 2],
    [4, 4],
  ])('learns with %d-bit weights and %d-bit activations', async (bits, activationBits) => {
    const quantization = {
      weights: { method: 'lq-nets', bits },
      activations: { method: 'lq-nets', bits: activationBits },
    };
    expect(await smallAccuracy(quantization)).toBeGreaterThan(0.9);
  });
});
