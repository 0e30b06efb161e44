import { beforeAll, describe, expect, it } from 'vitest';
import { filterOf } from '#shared/quant/parts/scales.ts';
import { METHODS, activationMethod } from '#shared/quant/registry.ts';
import {
  SHAPES,
  activationChoice,
  asNumbers,
  callActivations,
  callWeights,
  deployWeights,
  expectClose,
  incomingFor,
  kernelOf,
  startedLayer,
  weightChoice,
} from '#test/support/quant-forms.ts';
import { TEST_BACKENDS } from '#test/support/tensorflow.ts';

/** What holds for a quantizer whatever its equations are. */

beforeAll(() => TEST_BACKENDS[1]?.activate());

const WEIGHTS = METHODS.filter(({ weights }) => weights).map(({ card }) => card.id);
const ACTIVATIONS = METHODS.filter(({ activations }) => activations).map(({ card }) => card.id);

/** Values of one filter of a method with one scale per layer or filter: at most so many different ones. */
const STATES: Record<string, number> = {
  ...{ bnn: 2, 'xnor-net': 2, 'bi-real': 2, 'bnn-plus': 2, 'binary-connect': 2, tbn: 2, rebnet: 2, hwgq: 2 },
  ...{ dorefa: 2, twn: 3, gxnor: 3, ttq: 3, tga: 3, 'ternary-statistical': 3, 'tot-net': 3 },
  ...{ 'residual-expansion': 5, 'multi-level-ternary': 9, 'abc-net': 4, 'lq-nets': 4 },
  ...{ lsq: 16, int8: 255 },
};

describe('the set of values', () => {
  it.each(WEIGHTS.filter((id) => id in STATES))(
    '%s: no filter has more values than its bits tell apart',
    async (id) => {
      const choice = weightChoice(id);
      for (const shape of Object.values(SHAPES)) {
        const { kernel, variables } = startedLayer(choice, shape, kernelOf(shape));
        const { value } = await callWeights(choice, kernel, shape, asNumbers(variables));
        for (let filter = 0; filter < shape.filters; filter++) {
          const own = new Set(value.filter((_, i) => filterOf(shape, i) === filter).map((w) => w.toFixed(5)));
          expect(own.size).toBeLessThanOrEqual(STATES[id] ?? 0);
        }
      }
    },
  );

  it.each(ACTIVATIONS)('%s: every value is one of the staircase’s', async (id) => {
    const choice = activationChoice(id);
    const { form } = activationMethod(choice);
    const specs = form.variables?.(choice) ?? [];
    const given = Object.fromEntries(
      specs.map(({ name, initial }) => [
        name,
        Float32Array.of(initial.kind === 'constant' ? initial.value : 0),
      ]),
    );
    const staircase = form.deploy(choice, given);
    if (!staircase || form.dynamic) return;
    const input = incomingFor(500).map((x) => 2 * x);
    const { value } = await callActivations(choice, input);
    const allowed = staircase.codes.map((code, i) =>
      (staircase.more ?? []).reduce(
        (sum, term) => sum + term.scale * (term.codes[i] ?? 0),
        staircase.scale * code,
      ),
    );
    for (const x of value)
      expect(Math.min(...allowed.map((level) => Math.abs(level - x)))).toBeLessThan(1e-5);
  });
});

/** W_q of W_q is W_q: the thresholds lie between the values, whatever these are. */
const IDEMPOTENT = [
  'full-precision',
  'bnn',
  'gxnor',
  'xnor-net',
  'bi-real',
  'tbn',
  'hwgq',
  'dorefa',
  'int8',
  'lsq',
];
/** Idempotent where scale and threshold are taken from filters that have at least one weight of each kind. */
const IDEMPOTENT_TERNARY = ['ternary-statistical', 'binary-connect', 'bnn-plus', 'rebnet'];

describe('idempotence', () => {
  it.each([...IDEMPOTENT, ...IDEMPOTENT_TERNARY])('%s: quantized weights stay as they are', async (id) => {
    const choice = weightChoice(id);
    for (const shape of Object.values(SHAPES)) {
      const { kernel, variables } = startedLayer(choice, shape, kernelOf(shape));
      const once = await callWeights(choice, kernel, shape, asNumbers(variables));
      const twice = await callWeights(choice, Float32Array.from(once.value), shape, asNumbers(variables));
      expectClose(twice.value, once.value, 1e-5);
    }
  });

  it.each(['bnn', 'gxnor', 'xnor-net', 'dorefa', 'lsq', 'int8', 'bi-real', 'bnn-plus'])(
    '%s: quantized activations stay as they are',
    async (id) => {
      // int8 follows its inputs; with all of its momentum on the old range it stays.
      const choice = activationChoice(id, id === 'int8' ? { momentum: 0.999999 } : {});
      const input = incomingFor(300).map((x) => 1.5 * x);
      const once = await callActivations(choice, input);
      const twice = await callActivations(choice, once.value);
      expectClose(twice.value, once.value, 1e-4);
    },
  );
});

/** Methods whose statistics scale with the weights: c · W gives c · W_q. */
const EQUIVARIANT: readonly (readonly [string, Record<string, unknown>])[] = [
  ['full-precision', {}],
  ['twn', {}],
  ['twn', { granularity: 'filter' }],
  ['ternary-statistical', {}],
  ['residual-expansion', { copies: 4 }],
  ['tot-net', {}],
  ['xnor-net', {}],
  ['bi-real', {}],
  ['tbn', {}],
  ['hwgq', {}],
  ['dorefa', {}],
  ['abc-net', {}],
  ['int8', {}],
  ['multi-level-ternary', {}],
  ['multi-level-ternary', { threshold: 'max', levels: 3 }],
  ['multi-level-ternary', { threshold: 'nearest', nestedSupport: true }],
];
/** Those whose sign alone counts: c · W gives W_q, c > 0. */
const INVARIANT: readonly (readonly [string, Record<string, unknown>])[] = [
  ['bnn', {}],
  ['binary-connect', {}],
  ['rebnet', {}],
  ['ttq', {}],
  ['ttq', { rule: 'sparsity' }],
];

/** Methods that start or end differently for positive and negative weights. */
const UNEVEN = ['gxnor', 'abc-net', 'inq', 'tga', 'ttq', 'lsq'];

describe('scale rules', () => {
  it.each(EQUIVARIANT)('%s %j: scaled weights give scaled values', async (id, parameters) => {
    const choice = weightChoice(id, parameters);
    for (const shape of Object.values(SHAPES)) {
      const kernel = kernelOf(shape);
      // A power of two: no rounding hides behind the tolerance.
      for (const factor of [0.25, 8]) {
        const plain = await callWeights(choice, kernel, shape);
        const scaled = await callWeights(
          choice,
          kernel.map((w) => w * factor),
          shape,
        );
        expectClose(
          scaled.value.map((w) => w / factor),
          plain.value,
          1e-6,
        );
        const codes = (weights: Float32Array) =>
          deployWeights(choice, weights, shape).levels.map((level) => [...level.codes]);
        expect(codes(kernel.map((w) => w * factor))).toEqual(codes(kernel));
      }
    }
  });

  it.each(INVARIANT)('%s %j: scaled weights give the same values', async (id, parameters) => {
    const choice = weightChoice(id, parameters);
    for (const shape of Object.values(SHAPES)) {
      const kernel = kernelOf(shape);
      const { variables } = startedLayer(choice, shape, kernel);
      const plain = await callWeights(choice, kernel, shape, asNumbers(variables));
      const scaled = await callWeights(
        choice,
        kernel.map((w) => w * 4),
        shape,
        asNumbers(variables),
      );
      expect(scaled.value).toEqual(plain.value);
    }
  });

  it('tga: scaled weights and threshold give scaled values', async () => {
    for (const scale of ['symmetric', 'repo']) {
      const choice = weightChoice('tga', { scale });
      for (const shape of Object.values(SHAPES)) {
        const kernel = kernelOf(shape);
        const plain = await callWeights(choice, kernel, shape, { threshold: 0.1 });
        const scaled = await callWeights(
          choice,
          kernel.map((w) => w * 4),
          shape,
          { threshold: 0.4 },
        );
        expectClose(
          scaled.value.map((w) => w / 4),
          plain.value,
          1e-5,
        );
      }
    }
  });

  it.each(WEIGHTS.filter((id) => !UNEVEN.includes(id)))(
    '%s: weights of the other sign give values of the other sign',
    async (id) => {
      const choice = weightChoice(id);
      for (const shape of Object.values(SHAPES)) {
        // No zeros, whose sign is +1, and no ties.
        const kernel = kernelOf(shape).map((w, i) => (w === 0 ? 0.01 * (i + 1) : w));
        const { variables } = startedLayer(choice, shape, kernel);
        const plain = await callWeights(choice, kernel, shape, asNumbers(variables));
        const turned = await callWeights(
          choice,
          kernel.map((w) => -w),
          shape,
          asNumbers(variables),
        );
        expectClose(
          turned.value.map((w) => 0 - w),
          plain.value,
          1e-5,
        );
      }
    },
  );
});
