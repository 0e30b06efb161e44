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
} from '#shared/quant/registry.ts';
import type { Staircase, WeightShape } from '#shared/quant/types.ts';
import { filterOf } from '#shared/quant/parts/scales.ts';
import { staircaseTensor } from '#shared/train/evaluate.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** One contract for all methods: what a card promises, what the tensor form does, what is deployed. */

const CONTEXT = { tf, variables: {}, update: () => undefined };

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
    const { form, bits } = weightMethod(choice);

    it('survives a round trip through JSON', () => {
      expect(parseWith(WeightChoiceSchema, JSON.parse(JSON.stringify(choice)), id)).toEqual(choice);
    });

    it.each(Object.entries(SHAPES))('deploys what it trains with: %s', async (_name, shape) => {
      const w = latent(shape);
      const tensor = tf.tensor(w, [...shape.shape]);
      const value = tf.tidy(() => form.quantize(tensor, shape, choice, CONTEXT));
      const trained = await value.data();
      const deployed = form.deploy(w, shape, choice, {});
      tf.dispose([tensor, value]);
      for (let i = 0; i < w.length; i++) {
        const sum = deployed.float
          ? deployed.float[i]
          : deployed.levels.reduce(
              (total, { codes, scale }) =>
                total + (codes[i] ?? 0) * ((scale.length > 1 ? scale[filterOf(shape, i)] : scale[0]) ?? 0),
              0,
            );
        expect(Math.abs((trained[i] ?? 0) - (sum ?? 0))).toBeLessThan(1e-5);
      }
      for (const { codes } of deployed.levels) {
        if (bits === 1) expect(codes.every((code) => code === 1 || code === -1)).toBe(true);
        if (bits === 2) expect(codes.every((code) => Math.abs(code) <= 1)).toBe(true);
      }
    });

    it('is idempotent in its codes: deploying deployed weights changes no code', () => {
      const shape = SHAPES['dense 13→6'] as WeightShape;
      const once = form.deploy(latent(shape), shape, choice, {});
      const [level] = once.levels;
      if (!level) return;
      const again = form.deploy(Float32Array.from(level.codes), shape, choice, {});
      expect([...(again.levels[0]?.codes ?? [])]).toEqual([...level.codes]);
    });

    it('gives the same value and gradient each time', async () => {
      const shape = SHAPES['conv 3×3×5→4'] as WeightShape;
      const w = tf.tensor(latent(shape), [...shape.shape]);
      const run = async () => {
        const gradient = tf.tidy(() =>
          tf.grad((x: Tensor) => tf.sum(tf.square(form.quantize(x, shape, choice, CONTEXT))))(w),
        );
        const numbers = [...(await gradient.data())];
        gradient.dispose();
        return numbers;
      };
      const first = await run();
      expect(first.every(Number.isFinite)).toBe(true);
      expect(await run()).toEqual(first);
      w.dispose();
    });

    it('leaves no tensor behind', () => {
      const shape = SHAPES['dense 13→6'] as WeightShape;
      const w = tf.tensor(latent(shape), [...shape.shape]);
      const once = () =>
        tf.dispose(
          tf.tidy(() => tf.grad((x: Tensor) => tf.sum(form.quantize(x, shape, choice, CONTEXT)))(w)),
        );
      once();
      const before = tf.memory().numTensors;
      once();
      expect(tf.memory().numTensors).toBe(before);
      w.dispose();
    });
  });
});

describe.each(TEST_BACKENDS)('activation methods on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(activationMethods.map((method) => ({ id: method.card.id })))('$id', ({ id }) => {
    const choice = parseWith(ActivationChoiceSchema, { method: id }, id);
    const { form, curve } = activationMethod(choice);
    const staircase = form.deploy(choice, {});
    const input = edges(staircase);

    it('computes the function that is drawn', async () => {
      const value = tf.tidy(() => form.quantize(tf.tensor1d(input), choice, CONTEXT));
      const got = await value.data();
      value.dispose();
      input.forEach((x, i) => expect(got[i], `at ${x}`).toBeCloseTo(curve.value(x, choice), 5));
    });

    it('computes the slope that is drawn', async () => {
      const gradient = tf.tidy(() =>
        tf.grad((x: Tensor) => tf.sum(form.quantize(x, choice, CONTEXT)))(tf.tensor1d(input)),
      );
      const got = await gradient.data();
      gradient.dispose();
      input.forEach((x, i) => expect(got[i], `at ${x}`).toBeCloseTo(curve.slope(x, choice), 5));
    });

    it.skipIf(!staircase)('deploys exactly the function that it trains with', async () => {
      const [trained, deployed] = tf.tidy(() => [
        form.quantize(tf.tensor1d(input), choice, CONTEXT),
        staircaseTensor(tf, staircase as Staircase, tf.tensor1d(input)),
      ]) as [Tensor, Tensor];
      expect([...(await deployed.data())].map((x) => x + 0)).toEqual(
        [...(await trained.data())].map((x) => x + 0),
      );
      tf.dispose([trained, deployed]);
    });
  });
});
