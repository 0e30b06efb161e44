import { beforeAll, describe, expect, it } from 'vitest';
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
import { weightMethod } from '#shared/quant/registry.ts';
import { RandomStream } from '#shared/base/random.ts';
import { TEST_BACKENDS } from '#test/support/tensorflow.ts';

const SCALES = { positive: 0.75, negative: 1.25 };
const DEPLOYED = { positive: Float32Array.of(0.75), negative: Float32Array.of(1.25) };

describe.each(TEST_BACKENDS)('TTQ on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const kernel = kernelOf(shape);
    const g = incomingFor(kernel.length);

    it.each([0.05, 0.3, 1])('t = %d: value and gradients are those of the paper', async (factor) => {
      const choice = weightChoice('ttq', { factor });
      const delta = Math.fround(Math.fround(factor) * Math.max(...kernel.map(Math.abs)));
      const got = await callWeights(choice, kernel, shape, SCALES, g);
      const sets = [...kernel].map((w) => (w > delta ? 'p' : w < -delta ? 'n' : '0'));
      expectClose(
        got.value,
        sets.map((set) => ({ p: 0.75, n: -1.25, '0': 0 })[set]),
      );
      expectClose(
        got.gradient,
        sets.map((set, i) => ({ p: 0.75, n: 1.25, '0': 1 })[set] * (g[i] ?? 0)),
      );
      const sum = (set: string) => g.reduce((total, x, i) => total + (sets[i] === set ? x : 0), 0);
      expectClose(got.variables.positive ?? [], [sum('p')], 1e-4);
      expectClose(got.variables.negative ?? [], [-sum('n')], 1e-4);
      expectClose(deployedValues(deployWeights(choice, kernel, shape, DEPLOYED), shape), got.value, 1e-6);
    });

    it.each([0.01, 0.3, 0.9])('the rule sparsity sets a share of %d to zero', async (sparsity) => {
      const choice = weightChoice('ttq', { rule: 'sparsity', sparsity });
      const distinct = kernel.map((w, i) => Math.fround(w + (i + 1) * 1e-3));
      const { value } = await callWeights(choice, distinct, shape, SCALES, g);
      const zeros = value.filter((w) => w === 0).length;
      expect(zeros).toBe(Math.max(1, Math.round(sparsity * distinct.length)));
      const kept = [...distinct].filter((_, i) => value[i] !== 0).map(Math.abs);
      const dropped = [...distinct].filter((_, i) => value[i] === 0).map(Math.abs);
      expect(Math.min(...kept)).toBeGreaterThan(Math.max(...dropped));
      expectClose(deployedValues(deployWeights(choice, distinct, shape, DEPLOYED), shape), value, 1e-6);
    });
  });
});

describe('TTQ', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it('deploys positive codes with one scale and negative codes with the other', () => {
    const kernel = kernelOf(SHAPES.DENSE);
    const { levels } = deployWeights(weightChoice('ttq'), kernel, SHAPES.DENSE, DEPLOYED);
    expect(levels.map(({ scale }) => [...scale])).toEqual([[0.75], [1.25]]);
    expect([...new Set(levels[0]?.codes)].sort()).toEqual([0, 1]);
    expect([...new Set(levels[1]?.codes)].sort()).toEqual([-1, 0]);
  });

  it('keeps a layer of zeros at zero', async () => {
    const { value, gradient } = await callWeights(
      weightChoice('ttq'),
      new Float32Array(78),
      SHAPES.DENSE,
      {},
      incomingFor(78),
    );
    expect(value.every((w) => w === 0)).toBe(true);
    expectClose(gradient, incomingFor(78));
  });

  it.each([
    ['one', [1], [1]],
    ['mean', [2], [1.5]],
  ] as const)('initialScale %s starts the scales there', (initialScale, positive, negative) => {
    const choice = weightChoice('ttq', { initialScale });
    const { form } = weightMethod(choice);
    const shape = { shape: [5, 1], filters: 1, fanIn: 5, filterAxis: 1 };
    const kernel = Float32Array.of(1, 3, -1.5, 0, 0.1);
    const given = form.initialize?.(kernel, shape, choice, new RandomStream(1, 'x')) ?? {};
    const start = (name: string) => [...(given[name] ?? [1])];
    expect([start('positive'), start('negative')]).toEqual([positive, negative]);
  });

  it.each(['max', 'sparsity'])('learns by the rule %s', async (rule) => {
    expect(await smallAccuracy({ weights: { method: 'ttq', rule } })).toBeGreaterThan(0.9);
  });
});
