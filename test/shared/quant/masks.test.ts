import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#shared/base/tensorflow.ts';
import { METHODS, weightMethod } from '#shared/quant/registry.ts';
import type { WeightShape } from '#shared/quant/types.ts';
import {
  CONV,
  SHAPES,
  asNumbers,
  callWeights,
  deployWeights,
  deployedValues,
  expectClose,
  incomingFor,
  kernelOf,
  maskFor,
  startedLayer,
  times,
  weightChoice,
} from '#test/support/quant-forms.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Where a layer is pruned, every statistic of a method is that of the weights that remain. */

/** Every weight method, and the forms of them that take other statistics. */
const CASES: readonly (readonly [string, Record<string, unknown>])[] = [
  ['full-precision', {}],
  ['bnn', {}],
  ['twn', {}],
  ['twn', { granularity: 'filter' }],
  ['gxnor', {}],
  ['ttq', {}],
  ['ttq', { rule: 'sparsity', sparsity: 0.4 }],
  ['tga', {}],
  ['tga', { scale: 'repo' }],
  ['ternary-statistical', {}],
  ['ternary-statistical', { granularity: 'filter' }],
  ['residual-expansion', {}],
  ['tot-net', {}],
  ['multi-level-ternary', {}],
  ['multi-level-ternary', { granularity: 'filter', levels: 3, nestedSupport: true }],
  ['multi-level-ternary', { threshold: 'max', scales: 'joint' }],
  ['multi-level-ternary', { threshold: 'nearest' }],
  ['multi-level-ternary', { threshold: 'trained', scales: 'trained' }],
  ['xnor-net', {}],
  ['bi-real', {}],
  ['bnn-plus', {}],
  ['binary-connect', {}],
  ['tbn', {}],
  ['rebnet', {}],
  ['abc-net', {}],
  ['abc-net', { granularity: 'filter', mask: true, bases: 2 }],
  ['dorefa', {}],
  ['dorefa', { bits: 3 }],
  ['lq-nets', {}],
  ['hwgq', {}],
  ['hwgq', { granularity: 'layer' }],
  ['inq', {}],
  ['inq', { portions: [1], starts: [0] }],
  ['lsq', {}],
  ['lsq', { granularity: 'filter', symmetric: true, bits: 2 }],
  ['int8', {}],
  ['int8', { granularity: 'layer' }],
];
const named = CASES.map(([id, parameters]) => ({
  name: [id, ...Object.entries(parameters).map(([key, value]) => `${key} ${String(value)}`)].join(', '),
  choice: weightChoice(id, parameters),
}));

it('every weight method is tested under a mask', () => {
  const tested = new Set(CASES.map(([id]) => id));
  expect(METHODS.filter(({ card, weights }) => weights && !tested.has(card.id))).toEqual([]);
});

/** 13 inputs, of which 5 are pruned from all 6 units: what remains is a kernel of its own. */
const [INPUTS, UNITS] = [13, 6];
const WHOLE: WeightShape = { shape: [INPUTS, UNITS], filters: UNITS, fanIn: INPUTS, filterAxis: 1 };
const PRUNED = [0, 3, 4, 8, 12];
const KEPT = Array.from({ length: INPUTS }, (_, row) => row).filter((row) => !PRUNED.includes(row));
const PART: WeightShape = { ...WHOLE, shape: [KEPT.length, UNITS], fanIn: KEPT.length };
const MASK = Float32Array.from({ length: INPUTS * UNITS }, (_, i) =>
  PRUNED.includes(Math.floor(i / UNITS)) ? 0 : 1,
);

function rest(numbers: ArrayLike<number>): number[] {
  return Array.from(numbers).filter((_, i) => MASK[i] === 1);
}

/** Numbers of the remaining kernel in their places, zeros elsewhere. */
function placed(numbers: Float32Array): Float32Array {
  const all = new Float32Array(INPUTS * UNITS);
  KEPT.forEach((row, i) => all.set(numbers.subarray(i * UNITS, (i + 1) * UNITS), row * UNITS));
  return all;
}

describe.each(TEST_BACKENDS)('pruned layers on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each(named)(
    '$name: values and gradients are those of the remaining weights alone',
    async ({ choice }) => {
      const kernel = kernelOf(PART, 4, 0.4);
      const part = startedLayer(choice, PART, kernel);
      const g = incomingFor(kernel.length);
      const alone = await callWeights(choice, part.kernel, PART, asNumbers(part.variables), g);
      const variables = Object.fromEntries(
        Object.entries(part.variables).map(([name, values]) => [
          name,
          values.length === kernel.length ? placed(values) : values,
        ]),
      );
      const got = await callWeights(
        choice,
        placed(part.kernel),
        WHOLE,
        asNumbers({ ...variables, mask: MASK }),
        [...placed(Float32Array.from(g))],
      );
      // Drawn weights differ from shape to shape: the draw is by place.
      if (weightMethod(choice).form.noise?.(choice) !== true || choice.method === 'gxnor') {
        expectClose(rest(got.value), alone.value, 2e-5);
        expectClose(rest(got.gradient), alone.gradient, 2e-5);
      }
      for (const [name, values] of Object.entries(alone.variables))
        expectClose(got.variables[name] ?? [], values, 2e-5);
      for (const [name, values] of Object.entries(alone.updates))
        expectClose(got.updates[name] ?? [], values, 2e-5);
    },
  );

  it.each(named)('$name: deploys what it trains with under a mask', async ({ choice }) => {
    for (const shape of Object.values(SHAPES)) {
      const count = shape.shape.reduce((product, size) => product * size, 1);
      const mask = maskFor(count);
      const { kernel, variables } = startedLayer(choice, shape, kernelOf(shape, 6, 0.5), mask);
      const { value } = await callWeights(choice, kernel, shape, asNumbers(variables));
      const deployed = deployWeights(choice, kernel, shape, variables);
      const numbers = deployed.float ? [...deployed.float] : deployedValues(deployed, shape);
      expectClose(
        [...times(Float32Array.from(numbers), mask)],
        [...times(Float32Array.from(value), mask)],
        1e-5,
      );
    }
  });
});

describe('what else counts over a pruned layer', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each(named)('$name: a mask of ones changes nothing', async ({ choice }) => {
    const { kernel, variables } = startedLayer(choice, CONV, kernelOf(CONV));
    const ones = { ...variables, mask: new Float32Array(kernel.length).fill(1) };
    const free = await callWeights(choice, kernel, CONV, asNumbers(variables));
    const masked = await callWeights(choice, kernel, CONV, asNumbers(ones));
    expectClose(masked.value, free.value, 2e-6);
    expectClose(masked.gradient, free.gradient, 2e-5);
    expect(deployWeights(choice, kernel, CONV, ones)).toEqual(deployWeights(choice, kernel, CONV, variables));
  });

  it.each(named)('$name: stays finite where nothing remains', async ({ choice }) => {
    const mask = kernelOf(CONV).map(() => 0);
    // One filter without any weight first, then all of them.
    for (const kept of [mask.map((_, i) => (i % CONV.filters === 1 ? 0 : 1)), mask]) {
      const { kernel, variables } = startedLayer(choice, CONV, kernelOf(CONV), kept);
      const got = await callWeights(choice, kernel, CONV, asNumbers(variables));
      const numbers = [
        got.value,
        got.gradient,
        Object.values(got.variables),
        Object.values(got.updates),
      ].flat(2);
      expect(numbers.every(Number.isFinite)).toBe(true);
      const { levels } = deployWeights(choice, kernel, CONV, variables);
      expect(levels.every(({ scale }) => scale.every(Number.isFinite))).toBe(true);
    }
  });

  it.each(['sum', 'mean'] as const)('BNN+ regularises the weights that remain, %s', async (reduction) => {
    for (const regularizer of ['manhattan', 'euclidean'] as const) {
      const choice = weightChoice('bnn-plus', { regularizer, reduction, strength: 0.5 });
      const penalty = async (shape: WeightShape, kernel: Float32Array, mask?: Float32Array) => {
        const alpha = tf.tensor1d([0.2, 0.4, 0.1, 0.3, 0.5, 0.6]);
        const w = tf.tensor(kernel, [...shape.shape]);
        const variables: Record<string, Tensor> = { alpha };
        if (mask) variables.mask = tf.tensor(mask, [...shape.shape]);
        const context = { tf, variables, update: () => undefined };
        const result = weightMethod(choice).form.regularize?.(w, shape, choice, context) as Tensor;
        const value = (await result.data())[0] ?? NaN;
        tf.dispose([w, result, variables]);
        return value;
      };
      const kernel = kernelOf(PART);
      const expected = await penalty(PART, kernel);
      expect(expected).toBeGreaterThan(0);
      expect(await penalty(WHOLE, placed(kernel), MASK)).toBeCloseTo(expected, 4);
    }
  });

  it.each(['xnor-net', 'tot-net'])('%s centres over the input channels that remain', async (id) => {
    const choice = weightChoice(id);
    const mask = maskFor(INPUTS * UNITS);
    const kernel = times(kernelOf(WHOLE, 2, 0.2), mask);
    const context = {
      tf,
      variables: { mask: tf.tensor(mask, [INPUTS, UNITS]) },
      update: () => undefined,
    };
    const w = tf.tensor(kernel, [INPUTS, UNITS]);
    const settled = tf.tidy(() => weightMethod(choice).form.settle?.(w, w, WHOLE, choice, context)) as Tensor;
    const got = await settled.data();
    tf.dispose([w, settled, context.variables]);
    for (let unit = 0; unit < UNITS; unit++) {
      const column = [...kernel.keys()].filter((i) => i % UNITS === unit && mask[i] === 1);
      const mean = column.reduce((sum, i) => sum + (kernel[i] ?? 0), 0) / column.length;
      for (const i of column)
        expect(got[i]).toBeCloseTo(Math.min(1, Math.max(-1, (kernel[i] ?? 0) - mean)), 5);
    }
  });

  it.each([
    ['xnor-net', { gradient: 'released' }],
    ['xnor-net', { gradient: 'released', rescale: 'fan-in' }],
    ['tot-net', { gradient: 'repo-cifar' }],
    ['tot-net', { gradient: 'repo-imagenet' }],
  ])('%s %j counts the weights of a filter that remain', async (id, parameters) => {
    const choice = weightChoice(id, parameters);
    const kernel = kernelOf(PART, 4, 0.4);
    const g = incomingFor(kernel.length);
    const alone = await callWeights(choice, kernel, PART, {}, g);
    const got = await callWeights(choice, placed(kernel), WHOLE, { mask: [...MASK] }, [
      ...placed(Float32Array.from(g)),
    ]);
    // The derivative of mean-centring is that of the layer's own number of input channels.
    const ratio = (1 - 1 / INPUTS) / (1 - 1 / KEPT.length);
    const largest = Math.max(...alone.gradient.map(Math.abs));
    expectClose(
      rest(got.gradient).map((x) => x / largest),
      alone.gradient.map((x) => (x * ratio) / largest),
      2e-5,
    );
  });
});
