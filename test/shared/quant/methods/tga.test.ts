import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { MILLS_LIMIT, inverseMills, inverseMillsTensor } from '#shared/quant/parts/inverse-mills.ts';
import { weightMethod } from '#shared/quant/registry.ts';
import type { WeightShape } from '#shared/quant/types.ts';
import {
  SHAPES,
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

/** λ(z) = 1/∫₀^∞ exp(−zt − t²/2) dt, by Simpson's rule: a form that shares nothing with the polynomial. */
function mills(z: number): number {
  const steps = 4000;
  const h = 12 / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const t = i * h;
    sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-z * t - (t * t) / 2);
  }
  return 3 / (h * sum);
}

/** A layer with exactly this mean and deviation (N − 1). */
function layer(mean: number, deviation: number): { kernel: Float32Array; shape: WeightShape } {
  const random = new RandomStream(5, 'gaussian');
  const raw = Array.from({ length: 600 }, () => random.nextNormal());
  const centre = raw.reduce((sum, x) => sum + x, 0) / raw.length;
  const spread = Math.sqrt(raw.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (raw.length - 1));
  return {
    kernel: Float32Array.from(raw, (x) => mean + (deviation * (x - centre)) / spread),
    shape: { shape: [60, 10], filters: 10, fanIn: 60, filterAxis: 1 },
  };
}

interface Parts {
  mean: number;
  deviation: number;
  scale: number;
  codes: number[];
  z: number;
  lambda: number;
}

function closedForm(kernel: Float32Array, d: number, scale: 'symmetric' | 'repo', clip = 3): Parts {
  const w = [...kernel];
  const mean = w.reduce((sum, x) => sum + x, 0) / w.length;
  const deviation = Math.sqrt(w.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (w.length - 1));
  const delta = Math.min(Math.abs(d), clip * deviation);
  const z = delta / deviation;
  const lambda = mills(z);
  return {
    mean,
    deviation,
    z,
    lambda,
    scale: deviation * lambda + (scale === 'repo' ? mean : 0),
    codes: w.map((x) => (x > mean + delta ? 1 : x < mean - delta ? -1 : 0)),
  };
}

describe('inverse Mills ratio', () => {
  it('has an error below 1e-8 on the whole range', () => {
    for (let z = 0; z <= MILLS_LIMIT; z += 1 / 64)
      expect(Math.abs(inverseMills(z) - mills(z))).toBeLessThan(1e-8);
  });

  it.each(TEST_BACKENDS)('keeps six digits as a float32 tensor on $id', async (backend) => {
    await backend.activate();
    const z = Array.from({ length: 257 }, (_, i) => i / 64);
    const lambda = tf.tidy(() => inverseMillsTensor(tf, tf.tensor1d(z)));
    expectClose([...(await lambda.data())], z.map(mills), 1e-6);
    lambda.dispose();
  });
});

describe.each(TEST_BACKENDS)('TGA on $id', (backend) => {
  beforeAll(() => backend.activate());

  // Test vectors for unit deviation: d, A, dA/dd.
  it.each([
    [0.15, 0.895766, 0.668031],
    [0.25, 0.963554, 0.687548],
    [0.6, 1.215026, 0.747272],
  ])('σ = 1, d = %d gives A = %d and dA/dd = %d', async (d, scale, slope) => {
    const { kernel, shape } = layer(0, 1);
    const choice = weightChoice('tga');
    for (const sign of [1, -1]) {
      const got = await callWeights(choice, kernel, shape, { threshold: sign * d });
      expect(Math.max(...got.value)).toBeCloseTo(scale, 5);
      const codes = got.value.map((w) => Math.sign(w));
      const one = await callWeights(choice, kernel, shape, { threshold: sign * d }, codes);
      const count = codes.filter((code) => code !== 0).length;
      expect((one.variables.threshold?.[0] ?? 0) / count).toBeCloseTo(sign * slope, 5);
    }
  });

  it('μ = 0.02, σ = 0.1, d = 0.03 gives 0.099817 in symmetric and 0.119817 in repo form', async () => {
    const { kernel, shape } = layer(0.02, 0.1);
    for (const [scale, expected] of [
      ['symmetric', 0.099817],
      ['repo', 0.119817],
    ] as const) {
      const choice = weightChoice('tga', { scale });
      const { value } = await callWeights(choice, kernel, shape, { threshold: 0.03 });
      expect(Math.max(...value)).toBeCloseTo(expected, 5);
    }
  });

  describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const kernel = kernelOf(shape).map((w) => Math.fround(w + 0.1));
    const g = incomingFor(kernel.length);

    it.each(['symmetric', 'repo'] as const)(
      '%s scale: value and all gradient paths are the closed form',
      async (scale) => {
        for (const attached of [true, false]) {
          for (const d of [0.3, -0.3, 0.05, 100]) {
            const choice = weightChoice('tga', { scale, attached });
            const { mean, deviation, z, lambda, codes, scale: a } = closedForm(kernel, d, scale);
            const got = await callWeights(choice, kernel, shape, { threshold: d }, g);
            expectClose(
              got.value,
              codes.map((code) => code * a),
              1e-5,
            );
            const s = codes.reduce((sum, code, i) => sum + code * (g[i] ?? 0), 0);
            const inside = d < 100 ? 1 : 0;
            const rise = lambda * (lambda - z) * inside;
            expectClose(got.variables.threshold ?? [], [s * rise * Math.sign(d)], 1e-4);
            const n = kernel.length;
            expectClose(
              got.gradient,
              g.map((x, i) => {
                if (!attached) return x;
                const through = ((lambda - z * rise) * ((kernel[i] ?? 0) - mean)) / ((n - 1) * deviation);
                return x + s * (through + (scale === 'repo' ? 1 / n : 0));
              }),
              1e-4,
            );
            const deployed = deployWeights(choice, kernel, shape, { threshold: Float32Array.of(d) });
            expectClose(deployedValues(deployed, shape), got.value);
          }
        }
      },
    );
  });
});

describe('TGA', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each(['symmetric', 'repo'] as const)(
    'the attached gradient of the %s scale is its numeric derivative',
    async (scale) => {
      const { kernel, shape } = layer(0.3, 1);
      for (const d of [0.4, 50]) {
        const { codes } = closedForm(kernel, d, scale);
        const s = codes.reduce((sum, code) => sum + code * code, 0);
        // Incoming gradient T: dL/dW − T is S · dA/dW.
        const got = await callWeights(weightChoice('tga', { scale }), kernel, shape, { threshold: d }, codes);
        for (const i of [0, 7, 311]) {
          const moved = (h: number) => {
            const changed = kernel.slice();
            changed[i] = (kernel[i] ?? 0) + h;
            return closedForm(changed, d, scale).scale;
          };
          const numeric = (moved(0.05) - moved(-0.05)) / 0.1;
          expect((got.gradient[i] ?? 0) - (codes[i] ?? 0)).toBeCloseTo(s * numeric, 2);
        }
      }
    },
  );

  it('starts the threshold at 0.05 of the largest weight, to be updated first and with a clamped gradient', () => {
    const choice = weightChoice('tga');
    const { form } = weightMethod(choice);
    const kernel = kernelOf(SHAPES.CONV);
    const start = form.initialize?.(kernel, SHAPES.CONV, choice, new RandomStream(1, 'x'));
    expect(start?.threshold?.[0]).toBeCloseTo(0.05 * Math.max(...kernel.map(Math.abs)), 6);
    expect(form.variables?.(SHAPES.CONV, choice)).toMatchObject([
      { name: 'threshold', shape: [], trainable: true, decay: false, first: true, gradientBound: 0.001 },
    ]);
  });

  it('survives a layer of equal weights', async () => {
    const kernel = new Float32Array(78).fill(0.25);
    const got = await callWeights(weightChoice('tga'), kernel, SHAPES.DENSE, { threshold: 0.1 });
    expect([...got.value, ...got.gradient, ...(got.variables.threshold ?? [])].every(Number.isFinite)).toBe(
      true,
    );
  });

  it.each([
    { scale: 'symmetric' },
    { scale: 'repo' },
    { attached: false, sequential: false, gradientBound: 1 },
  ])('learns with %o', async (parameters) => {
    expect(await smallAccuracy({ weights: { method: 'tga', ...parameters } })).toBeGreaterThan(0.9);
  });
});
