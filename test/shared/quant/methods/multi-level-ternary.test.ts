import { beforeAll, describe, expect, it } from 'vitest';
import { groups } from '#shared/quant/parts/scales.ts';
import { activationMethod } from '#shared/quant/registry.ts';
import type { Staircase, WeightShape } from '#shared/quant/types.ts';
import { staircaseTensor } from '#shared/train/evaluate.ts';
import {
  DENSE,
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

const add = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0);

interface Rule {
  levels: number;
  threshold: 'mean' | 'max' | 'nearest';
  nestedSupport?: boolean;
  granularity?: 'layer' | 'filter';
}

/** Codes and scales level by level, by filtering lists: nothing in common with the tensor form. */
function residualLevels(kernel: Float32Array, shape: WeightShape, rule: Rule) {
  const codes = Array.from({ length: rule.levels }, () => new Array<number>(kernel.length).fill(0));
  const value = new Array<number>(kernel.length).fill(0);
  for (const group of groups(shape, rule.granularity ?? 'layer')) {
    let support = [...group];
    codes.forEach((own, level) => {
      if (rule.nestedSupport && level > 0) support = support.filter((i) => codes[0]?.[i] !== 0);
      const rest = new Map(support.map((i) => [i, (kernel[i] ?? 0) - (value[i] ?? 0)]));
      const magnitudes = [...rest.values()].map(Math.abs);
      const keptMean = (delta: number) => {
        const kept = magnitudes.filter((x) => x > delta);
        return add(kept) / Math.max(1, kept.length);
      };
      const mean = add(magnitudes) / Math.max(1, magnitudes.length);
      let delta = { mean: 0.7 * mean, max: 0.05 * Math.max(...magnitudes), nearest: mean / 2 }[
        rule.threshold
      ];
      for (let i = 0; i < 8 && rule.threshold === 'nearest'; i++) delta = keptMean(delta) / 2;
      const scale = keptMean(delta);
      for (const [i, r] of rest) {
        own[i] = Math.abs(r) > delta ? Math.sign(r) : 0;
        value[i] = (value[i] ?? 0) + scale * (own[i] ?? 0);
      }
    });
  }
  return { codes, value };
}

describe.each(TEST_BACKENDS)('multi-level ternary weights on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);

    it.each([
      { levels: 1, threshold: 'mean' },
      { levels: 2, threshold: 'mean' },
      { levels: 3, threshold: 'mean', nestedSupport: true },
      { levels: 2, threshold: 'mean', granularity: 'filter' },
      { levels: 2, threshold: 'max' },
      { levels: 3, threshold: 'nearest' },
      { levels: 2, threshold: 'nearest', nestedSupport: true },
    ] as const)('%o: the residual levels of the closed form', async (rule) => {
      const choice = weightChoice('multi-level-ternary', rule);
      const got = await callWeights(choice, kernel, shape, {}, g);
      const expected = residualLevels(kernel, shape, rule);
      expectClose(got.value, expected.value, 2e-5);
      expectClose(got.gradient, g, 1e-7);
      const deployed = deployWeights(choice, kernel, shape);
      expectClose(deployedValues(deployed, shape), got.value, 2e-5);
      if (!('granularity' in rule))
        expect(deployed.levels.map(({ codes }) => [...codes].map((code) => code + 0))).toEqual(
          expected.codes.map((own) => own.map((code) => code + 0)),
        );
    });

    it('the clipped gradient is zero beyond 1', async () => {
      const choice = weightChoice('multi-level-ternary', { gradient: 'clipped' });
      const { gradient } = await callWeights(choice, kernel, shape, {}, g);
      expectClose(
        gradient,
        g.map((x, i) => (Math.abs(kernel[i] ?? 0) <= 1 ? x : 0)),
        1e-7,
      );
    });

    it.each([2, 3, 4])(
      'joint scales of %d levels are deployed as trained, and fit better',
      async (levels) => {
        for (const granularity of ['layer', 'filter']) {
          const error = (values: readonly number[]) => add(values.map((x, i) => (x - (kernel[i] ?? 0)) ** 2));
          const choice = weightChoice('multi-level-ternary', { levels, granularity, scales: 'joint' });
          const { value } = await callWeights(choice, kernel, shape);
          expectClose(deployedValues(deployWeights(choice, kernel, shape), shape), value, 1e-4);
          const plain = await callWeights({ ...choice, scales: 'residual' }, kernel, shape);
          expect(error(value)).toBeLessThanOrEqual(error(plain.value) * (1 + 1e-3) + 1e-4);
        }
      },
    );
  });
});

/** Quantiles of the standard normal distribution, from the cumulated density. */
function normalQuantiles(count: number): Float32Array {
  const h = 1e-4;
  const values: number[] = [];
  let cumulated = 0;
  for (let x = -6; x < 6 && values.length < count; x += h) {
    const mass = (Math.exp(-((x + h / 2) ** 2) / 2) / Math.sqrt(2 * Math.PI)) * h;
    while (values.length < count && cumulated + mass >= (values.length + 0.5) / count) {
      values.push(x + (h * ((values.length + 0.5) / count - cumulated)) / mass);
    }
    cumulated += mass;
  }
  return Float32Array.from(values);
}

describe('multi-level ternary weights of a normal layer', () => {
  const count = 40_000;
  const kernel = normalQuantiles(count);
  const shape = { shape: [count, 1], filters: 1, fanIn: count, filterAxis: 1 };
  const quantized = (parameters: Record<string, unknown>) => {
    const deployed = deployWeights(weightChoice('multi-level-ternary', parameters), kernel, shape);
    const values = deployedValues(deployed, shape);
    const share = (test: (i: number) => boolean) => [...kernel.keys()].filter(test).length / count;
    return {
      scales: deployed.levels.map(({ scale }) => scale[0] ?? 0),
      densities: deployed.levels.map(({ codes }) => share((i) => codes[i] !== 0)),
      words: share((i) => deployed.levels.some(({ codes }) => codes[i] !== 0)),
      error: add(values.map((x, i) => (x - (kernel[i] ?? 0)) ** 2)) / count,
    };
  };

  it.each([
    [1, 0.1917, 0.576],
    [2, 0.045, 0.808],
    [3, 0.0194, 0.922],
  ])(
    '%d levels leave a mean square error of %d, and a share of %d words that are not zero',
    (levels, error, words) => {
      const got = quantized({ levels });
      expect(got.error).toBeCloseTo(error, 3);
      expect(got.words).toBeCloseTo(words, 2);
      [1.1835, 0.4887, 0.214].slice(0, levels).forEach((g, l) => expect(got.scales[l]).toBeCloseTo(g, 2));
      [0.576, 0.614, 0.561].slice(0, levels).forEach((d, l) => expect(got.densities[l]).toBeCloseTo(d, 2));
    },
  );

  it.each([
    [2, 0.0779],
    [3, 0.056],
  ])('nested support keeps the words of the first level: %d levels, error %d', (levels, error) => {
    const got = quantized({ levels, nestedSupport: true });
    expect(got.words).toBeCloseTo(0.576, 2);
    expect(got.error).toBeCloseTo(error, 3);
  });

  it('two ternary levels beat three binary ones', () => {
    expect(quantized({ levels: 2 }).error).toBeLessThan(0.0586);
  });

  it('joint scales never fit worse', () => {
    for (const levels of [2, 3])
      expect(quantized({ levels, scales: 'joint' }).error).toBeLessThanOrEqual(
        quantized({ levels }).error + 1e-9,
      );
  });

  it('the scales from which activations start belong to nearest levels of normal inputs', () => {
    const got = quantized({ levels: 4, threshold: 'nearest', iterations: 50 });
    const choice = activationChoice('multi-level-ternary', { levels: 4 });
    const start = (activationMethod(choice).form.variables?.(choice) ?? []).map(({ initial }) =>
      initial.kind === 'constant' ? initial.value : NaN,
    );
    expectClose(start, got.scales, 2e-3);
  });
});

const GAMMAS = { gamma1: 1.25, gamma2: -0.5, gamma3: 0.1875 };
const INPUTS = [
  ...[-4, -1.5, -1.25, -1, -0.875, -0.625, -0.5, -0.25, -0.09375, -0, 0],
  ...[0.1, 0.25, 0.4, 0.5, 0.625, 0.6875, 0.75, 1, 1.25, 1.5, 1.75, 2, 3],
];

/** Value, slope and d/dγ of one activation, by the recursion of the equations. */
function unit(x: number, gammas: readonly number[], clip = 1) {
  const g = gammas.map(Math.abs);
  const codes: number[] = [];
  const passes: number[] = [];
  let r = x;
  for (const scale of g) {
    const code = r > scale / 2 ? 1 : r < -scale / 2 ? -1 : 0;
    codes.push(code);
    passes.push(1 - (Math.abs(r) < clip ? scale : 0));
    r -= scale * code;
  }
  const after = (l: number) => passes.slice(l).reduce((product, factor) => product * factor, 1);
  return {
    value: x - r,
    slope: 1 - after(0),
    scales: codes.map((code, l) => Math.sign(gammas[l] ?? 0) * code * after(l + 1)),
  };
}

describe.each(TEST_BACKENDS)('multi-level ternary activations on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each([1, 2, 3])('%d levels: value, slope and gradients of the scales', async (levels) => {
    for (const clip of [1, 2.5]) {
      const choice = activationChoice('multi-level-ternary', { levels, clip });
      const gammas = Object.values(GAMMAS).slice(0, levels);
      const g = incomingFor(INPUTS.length);
      const got = await callActivations(choice, INPUTS, [INPUTS.length], GAMMAS, g);
      const units = INPUTS.map((x) => unit(Math.fround(x), gammas, clip));
      expectClose(
        got.value,
        units.map(({ value }) => value),
        1e-6,
      );
      expectClose(
        got.gradient,
        units.map(({ slope }, i) => slope * (g[i] ?? 0)),
      );
      gammas.forEach((_, l) =>
        expectClose(got.variables[`gamma${l + 1}`] ?? [], [
          add(units.map(({ scales }, i) => (scales[l] ?? 0) * (g[i] ?? 0))),
        ]),
      );
    }
  });

  it('deploys trained scales exactly, also where levels overlap and the codes go up and down', async () => {
    for (const gammas of [
      [1.224, 0.4884, 0.2196],
      [0.7, 0.65, 0.3],
      [0.3, 0.9, -0.1],
      [0.5, 0.5, 0.5],
      [0.37, 0, 0.2],
    ]) {
      const choice = activationChoice('multi-level-ternary', { levels: 3 });
      const given = Object.fromEntries(gammas.map((x, l) => [`gamma${l + 1}`, Float32Array.of(x)]));
      const staircase = activationMethod(choice).form.deploy(choice, given) as Staircase;
      const near = staircase.thresholds.flatMap((t) => [
        t,
        Math.fround(t * (1 + 2 ** -23)),
        Math.fround(t * (1 - 2 ** -23)),
      ]);
      const points = [...near, ...Array.from({ length: 500 }, (_, i) => (i - 250) / 83)];
      const numbers = Object.fromEntries(gammas.map((x, l) => [`gamma${l + 1}`, x]));
      const { value } = await callActivations(choice, points, [points.length], numbers);
      const deployed = tf.tidy(() => staircaseTensor(tf, staircase, tf.tensor1d(points)));
      expectClose([...(await deployed.data())], value, 1e-6);
      deployed.dispose();
    }
  });
});

describe('multi-level ternary', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('starts activations like ReBNet where asked: 1/2, 1/3, 1/6', () => {
    const choice = activationChoice('multi-level-ternary', { levels: 3, initial: 'rebnet' });
    const specs = activationMethod(choice).form.variables?.(choice) ?? [];
    expectClose(
      specs.map(({ initial }) => (initial.kind === 'constant' ? initial.value : NaN)),
      [1 / 2, 1 / 3, 1 / 6],
      1e-7,
    );
  });

  it('keeps a layer of zeros at zero', async () => {
    for (const parameters of [{}, { threshold: 'max' }, { threshold: 'nearest' }, { scales: 'joint' }]) {
      const choice = weightChoice('multi-level-ternary', parameters);
      const { value } = await callWeights(choice, new Float32Array(78), DENSE);
      expect(value.every((w) => w === 0)).toBe(true);
    }
  });

  it.each([
    { weights: {}, activations: {} },
    { weights: { nestedSupport: true, scales: 'joint' }, activations: { levels: 3, initial: 'rebnet' } },
    { weights: { threshold: 'nearest', levels: 3 }, activations: { levels: 1 } },
  ])('learns with %o', async ({ weights, activations }) => {
    const accuracy = await smallAccuracy({
      weights: { method: 'multi-level-ternary', ...weights },
      activations: { method: 'multi-level-ternary', ...activations },
    });
    expect(accuracy).toBeGreaterThan(0.9);
  });
});
