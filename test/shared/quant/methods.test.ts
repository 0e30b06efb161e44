import { readdirSync } from 'node:fs';
import { describe, expect, it, beforeAll } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { parseWith } from '#shared/base/schema.ts';
import type { Tensor } from '#shared/base/tensorflow.ts';
import {
  ActivationChoiceSchema,
  METHODS,
  WeightChoiceSchema,
  activationMethod,
  weightMethod,
  type MethodChoice,
} from '#shared/quant/registry.ts';
import type { Staircase, VariableSpec, WeightShape } from '#shared/quant/types.ts';
import { filterOf } from '#shared/quant/parts/scales.ts';
import { staircaseTensor } from '#shared/train/evaluate.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** One contract for all methods: what a card promises, what the tensor form does, what is deployed. */

/** Variables of a method at their initial values, as tensors and as plain numbers. */
function initial(specs: readonly VariableSpec[] = [], given: Record<string, Float32Array> = {}) {
  const plain = { ...initialNumbers(specs), ...given };
  const tensors = Object.fromEntries(
    specs.map(({ name, shape }) => [name, tf.tensor(plain[name] ?? [], [...shape])]),
  );
  return { plain, tensors };
}

function initialNumbers(specs: readonly VariableSpec[] = []): Record<string, Float32Array> {
  return Object.fromEntries(
    specs.map(({ name, shape, initial: start }) => [
      name,
      new Float32Array(shape.reduce((p, n) => p * n, 1)).fill(start.kind === 'constant' ? start.value : 0),
    ]),
  );
}

/** A weight method on a kernel: everything that its forms are called with. */
function weightSetup(shape: WeightShape, choice: MethodChoice, seed = 1) {
  const { form } = weightMethod(choice);
  const given =
    form.initialize?.(latent(shape, seed), shape, choice, new RandomStream(seed, 'initialize')) ?? {};
  const kernel = given.kernel ?? latent(shape, seed);
  const { plain, tensors } = initial(form.variables?.(shape, choice), given);
  const random = new RandomStream(seed, 'noise');
  const noise = form.noise?.(choice)
    ? tf.tensor(
        Float32Array.from(kernel, () => random.nextUniform()),
        [...shape.shape],
      )
    : undefined;
  const context = { tf, variables: tensors, update: () => undefined, ...(noise ? { noise } : {}) };
  return { form, kernel, plain, context, dispose: () => tf.dispose([tensors, noise ?? []]) };
}

function activationSetup(choice: MethodChoice) {
  const { form, curve } = activationMethod(choice);
  const { plain, tensors } = initial(form.variables?.(choice));
  return {
    form,
    curve,
    plain,
    context: { tf, variables: tensors, update: () => undefined },
    dispose: () => tf.dispose(tensors),
  };
}

const SHAPES: Record<string, WeightShape> = {
  'conv 3×3×5→4': { shape: [3, 3, 5, 4], filters: 4, fanIn: 45, filterAxis: 3 },
  'depthwise 3×3×7': { shape: [3, 3, 7, 1], filters: 7, fanIn: 9, filterAxis: 2 },
  'dense 13→6': { shape: [13, 6], filters: 6, fanIn: 13, filterAxis: 1 },
};

const weightMethods = METHODS.filter(({ weights }) => weights);
const activationMethods = METHODS.filter(({ activations }) => activations);

function latent(shape: WeightShape, seed = 1): Float32Array {
  const random = new RandomStream(seed, 'latent');
  const count = shape.shape.reduce((product, size) => product * size, 1);
  // Zeros and the clip edges are always among them.
  return Float32Array.from({ length: count }, (_, i) => [0, 1, -1, -0][i] ?? 0.6 * random.nextNormal());
}

/** Inputs that contain zero, the thresholds, the clip edges and their nearest float32 neighbours. */
function edges(staircase: Staircase | null): Float32Array {
  const special = [0, -0, 1, -1, 0.5, -0.5, 1e-30, -1e-30, 3, -3, ...(staircase?.thresholds ?? [])];
  const around = special.flatMap((x) => [
    x,
    Math.fround(x * (1 + 2 ** -23)),
    Math.fround(x * (1 - 2 ** -23)),
  ]);
  const random = new RandomStream(7, 'edges');
  return Float32Array.from([...around, ...Array.from({ length: 200 }, () => 1.5 * random.nextNormal())]);
}

describe('registry of methods', () => {
  it('lists every folder, under the id of its card', () => {
    const folders = readdirSync('src-shared/quant/methods', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(METHODS.map(({ card }) => card.id).sort()).toEqual(folders.sort());
  });

  it.each(METHODS.map((method) => [method.card.id, method] as const))(
    '%s: card and sides agree',
    (_id, method) => {
      const sides = [...(method.weights ? ['weights'] : []), ...(method.activations ? ['activations'] : [])];
      expect([...method.card.quantizes].sort()).toEqual(sides.sort());
      expect(method.card.forward.length).toBeGreaterThan(0);
      expect(method.card.gradient.length).toBeGreaterThan(0);
    },
  );
});

describe.each(TEST_BACKENDS)('weight methods on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(weightMethods.map((method) => ({ id: method.card.id })))('$id', ({ id }) => {
    const choice = parseWith(WeightChoiceSchema, { method: id }, id);
    const { bits } = weightMethod(choice);

    it('survives a round trip through JSON', () => {
      expect(parseWith(WeightChoiceSchema, JSON.parse(JSON.stringify(choice)), id)).toEqual(choice);
    });

    it.each(Object.entries(SHAPES))('deploys what it trains with: %s', async (_name, shape) => {
      const { form, kernel, plain, context, dispose } = weightSetup(shape, choice);
      // Where training draws at random there is nothing to compare element by element.
      const stochastic = form.noise?.(choice) === true;
      const value = tf.tidy(() => form.quantize(tf.tensor(kernel, [...shape.shape]), shape, choice, context));
      const trained = await value.data();
      const deployed = form.deploy(kernel, shape, choice, plain);
      value.dispose();
      dispose();
      for (let i = 0; i < kernel.length && !stochastic; i++) {
        const sum = deployed.float
          ? deployed.float[i]
          : deployed.levels.reduce(
              (total, { codes, scale }) =>
                total + (codes[i] ?? 0) * ((scale.length > 1 ? scale[filterOf(shape, i)] : scale[0]) ?? 0),
              0,
            );
        expect(Math.abs((trained[i] ?? 0) - (sum ?? 0)), `weight ${i}`).toBeLessThan(1e-4);
      }
      for (const { codes, scale } of deployed.levels) {
        expect([1, shape.filters]).toContain(scale.length);
        expect(codes.length).toBe(kernel.length);
        if (bits === 1) expect(codes.every((code) => code === 1 || code === -1)).toBe(true);
        if (bits === 2) expect(codes.every((code) => Math.abs(code) <= 2)).toBe(true);
      }
    });

    it('gives the same value and gradient each time, and a finite one', async () => {
      const shape = SHAPES['conv 3×3×5→4'] as WeightShape;
      const { form, kernel, context, dispose } = weightSetup(shape, choice);
      const w = tf.tensor(kernel, [...shape.shape]);
      const run = async () => {
        const gradient = tf.tidy(() =>
          tf.grad((x: Tensor) => tf.sum(tf.square(form.quantize(x, shape, choice, context))))(w),
        );
        const numbers = [...(await gradient.data())];
        gradient.dispose();
        return numbers;
      };
      const first = await run();
      expect(first.every(Number.isFinite)).toBe(true);
      expect(await run()).toEqual(first);
      w.dispose();
      dispose();
    });

    it('gives every trained variable a gradient', () => {
      const shape = SHAPES['dense 13→6'] as WeightShape;
      const { form, kernel, context, dispose } = weightSetup(shape, choice);
      const trained = (form.variables?.(shape, choice) ?? []).filter(({ trainable }) => trainable);
      const w = tf.tensor(kernel, [...shape.shape]);
      tf.tidy(() => {
        const names = trained.map(({ name }) => name);
        const values = names.map((name) => context.variables[name] as Tensor);
        const gradients = tf.grads((...inputs: Tensor[]) => {
          const [x, ...rest] = inputs as [Tensor, ...Tensor[]];
          const variables = {
            ...context.variables,
            ...Object.fromEntries(names.map((name, i) => [name, rest[i] as Tensor])),
          };
          const all = { ...context, variables };
          const value = tf.sum(tf.square(form.quantize(x, shape, choice, all)));
          const penalty = form.regularize?.(x, shape, choice, all);
          return penalty ? tf.add(value, penalty) : value;
        })([w, ...values]);
        gradients.forEach((gradient, i) => expect(gradient.shape).toEqual([w, ...values][i]?.shape));
      });
      w.dispose();
      dispose();
    });

    it('leaves no tensor behind', () => {
      const shape = SHAPES['dense 13→6'] as WeightShape;
      const { form, kernel, context, dispose } = weightSetup(shape, choice);
      const w = tf.tensor(kernel, [...shape.shape]);
      const once = () =>
        tf.dispose(
          tf.tidy(() => {
            form.settle?.(w, w, shape, choice, context);
            return tf.grad((x: Tensor) => tf.sum(form.quantize(x, shape, choice, context)))(w);
          }),
        );
      once();
      const before = tf.memory().numTensors;
      once();
      expect(tf.memory().numTensors).toBe(before);
      w.dispose();
      dispose();
    });
  });
});

describe.each(TEST_BACKENDS)('activation methods on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(activationMethods.map((method) => ({ id: method.card.id })))('$id', ({ id }) => {
    const choice = parseWith(ActivationChoiceSchema, { method: id }, id);
    const { form, curve } = activationMethod(choice);
    const staircase = form.deploy(choice, initialNumbers(form.variables?.(choice)));
    const input = edges(staircase);

    it.skipIf(form.dynamic)('computes the function that is drawn', async () => {
      const { context, dispose } = activationSetup(choice);
      const value = tf.tidy(() => form.quantize(tf.tensor1d(input), choice, context));
      const got = await value.data();
      value.dispose();
      dispose();
      input.forEach((x, i) => expect(got[i], `at ${x}`).toBeCloseTo(curve.value(x, choice), 5));
    });

    it.skipIf(form.dynamic)('computes the slope that is drawn', async () => {
      const { context, dispose } = activationSetup(choice);
      const gradient = tf.tidy(() =>
        tf.grad((x: Tensor) => tf.sum(form.quantize(x, choice, context)))(tf.tensor1d(input)),
      );
      const got = await gradient.data();
      gradient.dispose();
      dispose();
      input.forEach((x, i) => expect(got[i], `at ${x}`).toBeCloseTo(curve.slope(x, choice), 4));
    });

    it.skipIf(!staircase || form.dynamic)('deploys exactly the function that it trains with', async () => {
      const { context, dispose } = activationSetup(choice);
      const [trained, deployed] = tf.tidy(() => [
        form.quantize(tf.tensor1d(input), choice, context),
        staircaseTensor(tf, staircase as Staircase, tf.tensor1d(input)),
      ]) as [Tensor, Tensor];
      const [a, b] = [await trained.data(), await deployed.data()];
      input.forEach((x, i) => expect(b[i], `at ${x}`).toBeCloseTo(a[i] ?? NaN, 5));
      tf.dispose([trained, deployed]);
      dispose();
    });

    it.skipIf(!staircase)('has a staircase in order, with one code more than thresholds', () => {
      const { thresholds, inclusive, codes, more = [] } = staircase as Staircase;
      expect([...thresholds].sort((a, b) => a - b)).toEqual([...thresholds]);
      for (const list of [codes, ...more.map((term) => term.codes)])
        expect(list).toHaveLength(thresholds.length + 1);
      expect(inclusive).toHaveLength(thresholds.length);
      expect(thresholds.every((t) => Math.fround(t) === t)).toBe(true);
    });
  });
});
