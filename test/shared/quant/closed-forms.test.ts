import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { windowValue } from '#shared/quant/parts/windows.ts';
import { activationMethod, weightMethod } from '#shared/quant/registry.ts';
import { flipRatio, weightHistogram, zeroFraction } from '#shared/quant/measures/index.ts';
import { tf } from '#test/support/tensorflow.ts';
import { activationChoice, callActivations, weightChoice } from '#test/support/quant-forms.ts';
import { TEST_BACKENDS } from '#test/support/tensorflow.ts';

/** Each method against the equations of its paper, written down here a second time. */

const CONTEXT = { tf, variables: {}, update: () => undefined };

beforeAll(() => TEST_BACKENDS[1]?.activate());

const dense = { shape: [6, 4], filters: 4, fanIn: 6, filterAxis: 1 };
const random = new RandomStream(3, 'closed forms');
const weights = Float32Array.from({ length: 24 }, (_, i) => [0, 1, -1][i] ?? random.nextNormal());

async function gradientOf(
  f: (x: Tensor) => Tensor,
  at: Float32Array,
  shape: number[],
): Promise<Float32Array> {
  const incoming = tf.tensor(
    Float32Array.from(at, (_, i) => i + 1),
    shape,
  );
  const gradient = tf.tidy(() =>
    tf.grad((x: Tensor) => tf.sum(tf.mul(f(x), incoming)))(tf.tensor(at, shape)),
  );
  const numbers = Float32Array.from(await gradient.data());
  tf.dispose([gradient, incoming]);
  return numbers;
}

describe('TWN', () => {
  it.each(['layer', 'filter'] as const)(
    'thresholds at 0.7 of the mean magnitude per %s',
    async (granularity) => {
      const choice = { method: 'twn', factor: 0.7, granularity };
      const value = tf.tidy(() =>
        weightMethod(choice).form.quantize(tf.tensor(weights, dense.shape), dense, choice, CONTEXT),
      );
      const got = await value.data();
      value.dispose();
      const columns =
        granularity === 'layer'
          ? [[...weights]]
          : [0, 1, 2, 3].map((c) => [...weights].filter((_, i) => i % 4 === c));
      weights.forEach((w, i) => {
        const group = columns[granularity === 'layer' ? 0 : i % 4] ?? [];
        const delta = (0.7 * group.reduce((sum, x) => sum + Math.abs(x), 0)) / group.length;
        const kept = group.filter((x) => Math.abs(x) > delta);
        const alpha = kept.reduce((sum, x) => sum + Math.abs(x), 0) / kept.length;
        expect(got[i]).toBeCloseTo(Math.abs(w) > delta ? Math.sign(w) * alpha : 0, 5);
      });
    },
  );

  it('passes the gradient to the latent weights unchanged', async () => {
    const choice = { method: 'twn', factor: 0.7, granularity: 'layer' };
    const gradient = await gradientOf(
      (x) => weightMethod(choice).form.quantize(x, dense, choice, CONTEXT),
      weights,
      dense.shape,
    );
    expect([...gradient]).toEqual([...weights].map((_, i) => i + 1));
  });

  it('keeps an all-zero layer at zero instead of dividing by it', () => {
    const choice = { method: 'twn', factor: 0.7, granularity: 'layer' };
    const { levels } = weightMethod(choice).form.deploy(new Float32Array(24), dense, choice, {});
    expect(levels[0]?.codes.every((code) => code === 0)).toBe(true);
    expect(levels[0]?.scale[0]).toBe(0);
  });
});

describe('BNN', () => {
  const choice = { method: 'bnn' };

  it('has no zero: sgn(0) = +1', () => {
    const { levels } = weightMethod(choice).form.deploy(
      Float32Array.of(0, -0, 1e-30, -1e-30),
      dense,
      choice,
      {},
    );
    expect([...(levels[0]?.codes ?? [])]).toEqual([1, 1, 1, -1]);
  });

  it('masks the gradient outside [−1, 1], the edges included in the range', async () => {
    const at = Float32Array.of(-1.0001, -1, -0.3, 0, 0.3, 1, 1.0001);
    const gradient = await gradientOf(
      (x) => activationMethod(choice).form.quantize(x, choice, CONTEXT),
      at,
      [7],
    );
    expect([...gradient].map((x) => x + 0)).toEqual([0, 2, 3, 4, 5, 6, 0]);
  });

  it('clips latent weights after the step', async () => {
    const { settle } = weightMethod(choice).form;
    const clipped = tf.tidy(() =>
      settle?.(tf.tensor1d([-3, -1, 0.2, 7]), tf.zeros([4]), dense, choice, CONTEXT),
    );
    expect([...((await clipped?.data()) ?? [])].map((x) => +x.toFixed(4))).toEqual([-1, -1, 0.2, 1]);
    clipped?.dispose();
  });
});

describe('BNN with the authors’ steps', () => {
  it.each([
    [{ shape: [6, 4], filters: 4, fanIn: 6, filterAxis: 1 }, Math.sqrt((6 + 4) / 1.5)],
    [{ shape: [3, 3, 5, 4], filters: 4, fanIn: 45, filterAxis: 3 }, Math.sqrt((45 + 36) / 1.5)],
    [{ shape: [3, 3, 7, 1], filters: 7, fanIn: 9, filterAxis: 2 }, Math.sqrt((9 + 9) / 1.5)],
  ])('multiplies a step of %j by the inverse Glorot coefficient', async (shape, factor) => {
    for (const method of ['bnn', 'binary-connect']) {
      const choice = weightChoice(method, { scaledUpdates: true });
      const { settle } = weightMethod(choice).form;
      const settled = tf.tidy(() =>
        settle?.(tf.fill(shape.shape, 0.11), tf.fill(shape.shape, 0.1), shape, choice, CONTEXT),
      );
      for (const w of (await settled?.data()) ?? [NaN]) expect(w).toBeCloseTo(0.1 + 0.01 * factor, 6);
      settled?.dispose();
    }
  });
});

describe('ReBNet with the plain gradient of its scales', () => {
  it('is the sum of the incoming gradient times the bits', async () => {
    const choice = activationChoice('rebnet', { levels: 2, scaleGradient: 'plain' });
    const x = [-1.3, -0.7, -0, 0, 0.4, 0.6, 1, 2];
    const g = x.map((_, i) => i + 1);
    const got = await callActivations(choice, x, [x.length], { gamma1: 0.6, gamma2: -0.3 }, g);
    const bit1 = x.map((v) => (v < 0 ? -1 : 1));
    const bit2 = x.map((v, i) => (Math.fround(v) - Math.fround(0.6) * (bit1[i] ?? 0) < 0 ? -1 : 1));
    const dot = (bits: readonly number[]) => bits.reduce((sum, bit, i) => sum + bit * (g[i] ?? 0), 0);
    expect(got.variables.gamma1?.[0]).toBeCloseTo(dot(bit1), 4);
    expect(got.variables.gamma2?.[0]).toBeCloseTo(-dot(bit2), 4);
  });
});

describe('GXNOR-Net activation', () => {
  it.each([
    ['rectangular', 0.5, 0.5],
    ['rectangular', 1, 0.5],
    ['triangular', 0.5, 0.25],
    ['triangular', 1, 1],
  ] as const)(
    '%s window at r = %d, a = %d has the paper’s value and slope',
    (window, threshold, halfWidth) => {
      const choice = activationChoice('gxnor', { threshold, window, halfWidth });
      const { curve } = activationMethod(choice);
      for (let x = -3; x <= 3; x += 0.0625) {
        expect(curve.value(x, choice)).toBe(x > threshold ? 1 : x < -threshold ? -1 : 0);
        const distance = Math.abs(Math.abs(x) - threshold);
        const expected =
          distance > halfWidth
            ? 0
            : window === 'rectangular'
              ? 1 / (2 * halfWidth)
              : (halfWidth - distance) / halfWidth ** 2;
        expect(curve.slope(x, choice)).toBeCloseTo(expected, 12);
      }
    },
  );

  it.each(['rectangular', 'triangular'] as const)('a %s window has unit area', (window) => {
    let area = 0;
    const h = 1e-4;
    for (let u = -1 + h / 2; u < 1; u += h) area += windowValue(window, u, 0.4) * h;
    expect(area).toBeCloseTo(1, 3);
  });
});

describe('measures', () => {
  const level = (codes: number[]) => ({ codes: Int8Array.from(codes), scale: Float32Array.of(1) });

  it('counts a weight as zero only where every level is zero', () => {
    expect(zeroFraction({ levels: [level([0, 0, 1, 0]), level([0, 1, 0, 0])] })).toBe(0.5);
  });

  it('counts a flip where the code of any level differs', () => {
    const before = { levels: [level([1, 0, -1, 0])] };
    expect(flipRatio(before, { levels: [level([1, 1, 1, 0])] })).toBe(0.5);
    expect(flipRatio(before, before)).toBe(0);
  });

  it('puts every weight into one bin, the largest into the last', () => {
    const latent = Float32Array.of(-2, -1, 0, 1, 2);
    const { counts, edges, codes } = weightHistogram(
      'l',
      latent,
      { levels: [level([-1, -1, 0, 1, 1])] },
      { epoch: 1, step: 5 },
    );
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(5);
    expect(counts.at(-1)).toBe(1);
    expect([edges[0], edges.at(-1)]).toEqual([-2, 2]);
    expect(codes['-1']).toBeCloseTo(0.4);
  });
});
