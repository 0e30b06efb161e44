import { beforeAll, describe, expect, it } from 'vitest';
import {
  ACTIVATION_FAMILIES,
  BRANCHES,
  piecewiseCrossings,
  piecewiseSlope,
  piecewiseTensor,
  piecewiseValue,
  type BranchName,
} from '#shared/quant/parts/activation-families.ts';
import { expectClose } from '#test/support/quant-forms.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';
import type { Tensor } from '#shared/base/tensorflow.ts';

const s = (x: number) => 1 / (1 + Math.exp(-x));
const { exp, tanh, max, min } = Math;
type Half = [f: (x: number) => number, slope: (x: number) => number];
type Row = [left: Half, right: Half];

const TANH: Half = [tanh, (x) => 1 - tanh(x) ** 2];
const SIGMOID: Half = [s, (x) => s(x) * (1 - s(x))];
const SWISH: Half = [(x) => x * s(x), (x) => s(x) + x * s(x) * (1 - s(x))];
const line = (slope: number): Half => [(x) => slope * x, () => slope];

/** The table of the ten families, written down a second time. */
const TABLE: Record<BranchName, Row> = {
  identity: [line(1), line(1)],
  relu: [line(0), line(1)],
  elu: [[(x) => exp(x) - 1, exp], line(1)],
  tanh: [TANH, TANH],
  sigmoid: [SIGMOID, SIGMOID],
  selu: [
    [(x) => 1.0507 * 1.67326 * (exp(x) - 1), (x) => 1.0507 * 1.67326 * exp(x)],
    [(x) => 1.0507 * x, () => 1.0507],
  ],
  swish: [SWISH, SWISH],
  prelu: [line(0.25), line(1)],
  'leaky-relu': [line(0.2), line(1)],
  elish: [[(x) => (exp(x) - 1) * s(x), (x) => exp(x) * s(x) + (exp(x) - 1) * s(x) * (1 - s(x))], SWISH],
  'hard-tanh': [
    [(x) => max(x, -1), (x) => (x > -1 ? 1 : 0)],
    [(x) => min(x, 1), (x) => (x < 1 ? 1 : 0)],
  ],
};

const POINTS = [
  -90, -20, -3, -1.5, -1.2784645, -1, -0.8813736, -0.5, -0.1, -1e-6, 0, 1e-6, 0.3, 0.999, 1, 1.5, 4, 90,
];
const expected = (x: number, left: BranchName, right: BranchName) =>
  x < 0 ? TABLE[left][0] : TABLE[right][1];

describe('activation families', () => {
  it('are ten', () => {
    expect(ACTIVATION_FAMILIES).toHaveLength(10);
    expect(new Set(BRANCHES).size).toBe(11);
  });

  it.each(BRANCHES.flatMap((left) => BRANCHES.map((right) => [left, right] as const)))(
    '%s for x < 0 and %s for x ≥ 0 have the value and the derivative of the table',
    (left, right) => {
      for (const x of POINTS) {
        const [f, slope] = expected(x, left, right);
        expect(piecewiseValue(x, { left, right })).toBeCloseTo(f(x), 9);
        expect(piecewiseSlope(x, { left, right })).toBeCloseTo(slope(x), 9);
      }
    },
  );

  it.each(BRANCHES)('%s: the derivative is the numeric one on both sides', (name) => {
    for (const x of [-4, -1.3, -0.7, -0.01, 0.01, 0.4, 1.7, 5]) {
      const h = 1e-6;
      const genes = { left: name, right: name };
      const numeric = (piecewiseValue(x + h, genes) - piecewiseValue(x - h, genes)) / (2 * h);
      expect(piecewiseSlope(x, genes)).toBeCloseTo(numeric, 6);
    }
  });

  it.each(
    BRANCHES.flatMap((left) =>
      (['identity', 'swish', 'tanh', 'sigmoid'] as const).map((right) => [left, right] as const),
    ),
  )('%s and %s: every crossing of a level is found', (left, right) => {
    for (const level of [-0.9, -0.25, -0.1, 0.05, 0.3, 0.8]) {
      const crossings = piecewiseCrossings(level, { left, right });
      const side = (x: number) => Math.sign(piecewiseValue(x, { left, right }) - level);
      for (let x = -30; x < 30; x += 1 / 128) {
        const [low, high] = [x, x + 1 / 128];
        const [a, b] = [side(low), side(high)];
        // A function that stays at the level does not cross it.
        if (a * b >= 0) continue;
        expect(
          crossings.some((at) => at >= low && at <= high),
          `level ${level} near ${x}`,
        ).toBe(true);
      }
    }
  });
});

describe.each(TEST_BACKENDS)('piecewise activation on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each(BRANCHES.map((left, i) => [left, BRANCHES[(i * 4 + 3) % BRANCHES.length] ?? left] as const))(
    '%s and %s: tensor value and gradient are finite and those of the table',
    async (left, right) => {
      const x = tf.tensor1d(POINTS);
      const value = tf.tidy(() => piecewiseTensor(tf, x, { left, right }));
      const gradient = tf.tidy(() =>
        tf.grad((v: Tensor) => tf.sum(piecewiseTensor(tf, v, { left, right })))(x),
      );
      const points = [...(await x.data())];
      expectClose(
        [...(await value.data())],
        points.map((p) => expected(p, left, right)[0](p)),
        2e-6,
      );
      expectClose(
        [...(await gradient.data())],
        points.map((p) => expected(p, left, right)[1](p)),
        4e-6,
      );
      tf.dispose([x, value, gradient]);
    },
  );
});
