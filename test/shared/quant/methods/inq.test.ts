import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { buildTrainedGraph } from '#shared/model/trained.ts';
import { largestPower, nearestPower } from '#shared/quant/methods/inq/powers.ts';
import { portionAt } from '#shared/quant/methods/inq/stages.ts';
import { weightMethod } from '#shared/quant/registry.ts';
import { resolveRun } from '#shared/run/config.ts';
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
import { smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Nearest of 0 and ±2^n2 … ±2^n1 by trying all of them, the smaller magnitude first. */
function reference(w: number, n1: number, bits: number): number {
  const levels = [
    0,
    ...Array.from({ length: 2 ** (bits - 2) }, (_, i) => 2 ** (n1 + 1 - 2 ** (bits - 2) + i)),
  ];
  const best = levels.reduce((a, b) => (Math.abs(Math.abs(w) - b) < Math.abs(Math.abs(w) - a) ? b : a));
  return w < 0 ? 0 - best : best;
}

function exponent(kernel: Float32Array): number {
  return Math.floor(Math.log2((4 * Math.max(...kernel.map(Math.abs))) / 3));
}

/** A choice that has so much frozen from the start. */
function withPortion(portion: number, bits = 5) {
  const stages =
    portion === 0
      ? { starts: 'auto', portions: [1] }
      : portion === 1
        ? { starts: [0], portions: [1] }
        : { starts: [0, 0.5], portions: [portion, 1] };
  return weightChoice('inq', { bits, ...stages });
}

/** The variables that a run starts with. */
function started(
  kernel: Float32Array,
  shape: (typeof SHAPES)['CONV'],
  choice: ReturnType<typeof weightChoice>,
) {
  const given = weightMethod(choice).form.initialize?.(kernel, shape, choice, new RandomStream(1, 'x')) ?? {};
  return { frozen: given.frozen ?? new Float32Array(), power: given.power ?? new Float32Array() };
}

const plain = (state: Record<string, Float32Array>) =>
  Object.fromEntries(
    Object.entries(state).map(([name, values]) => [
      name,
      values.length === 1 ? (values[0] ?? 0) : [...values],
    ]),
  );

describe.each(TEST_BACKENDS)('INQ on $id', (backend) => {
  beforeAll(() => backend.activate());

  describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
    const kernel = kernelOf(shape);
    // Thresholds: midpoints of neighbouring levels of the largest power, 2 (from 1.5).
    kernel.set([1, 0.75, -0.75, 0.375, 0.1875, 2 ** -7, -(2 ** -7)], 6);
    const g = incomingFor(kernel.length);
    const n1 = exponent(kernel);

    it.each([2, 3, 4, 5].flatMap((bits) => [0, 0.3, 0.6, 1].map((portion) => ({ bits, portion }))))(
      '$bits bits, portion $portion',
      async ({ bits, portion }) => {
        const choice = withPortion(portion, bits);
        const state = started(kernel, shape, choice);
        const count = state.frozen.reduce((sum, mask) => sum + mask, 0);
        expect(count).toBe(Math.round(portion * kernel.length));
        const magnitudes = (mask: number) =>
          [...kernel].filter((_, i) => state.frozen[i] === mask).map(Math.abs);
        if (count > 0 && count < kernel.length)
          expect(Math.min(...magnitudes(1))).toBeGreaterThanOrEqual(Math.max(...magnitudes(0)));
        expect(state.power[0]).toBe(2 ** n1);
        const got = await callWeights(choice, kernel, shape, plain(state), g);
        expect(got.value).toEqual(
          [...kernel].map((w, i) => (state.frozen[i] ? reference(w, n1, bits) : w) + 0),
        );
        expect(got.gradient).toEqual(g.map((x, i) => (state.frozen[i] ? 0 : x)));
        const deployed = deployWeights(choice, kernel, shape, state);
        if (portion < 1) {
          expect(deployed.levels).toEqual([]);
          expect([...(deployed.float ?? [])].map((w) => w + 0)).toEqual(got.value);
        } else {
          expect(deployed.levels).toHaveLength(bits === 5 ? 2 : 1);
          expect(deployedValues(deployed, shape).map((w) => w + 0)).toEqual(got.value);
          for (const { codes, scale } of deployed.levels) {
            expect(codes.every((code) => [0, 1, 2, 4, 8].includes(Math.abs(code)))).toBe(true);
            expect(Number.isInteger(Math.log2(scale[0] ?? NaN))).toBe(true);
          }
        }
        expect(weightMethod(choice).bits).toBe(bits);
      },
    );

    it('holds frozen weights where they are whatever the optimizer proposes', async () => {
      const choice = withPortion(0.6);
      const state = started(kernel, shape, choice);
      const settled = tf.tidy(() => {
        const variables = { frozen: tf.tensor(state.frozen, [...shape.shape]) };
        const before = tf.tensor(kernel, [...shape.shape]);
        const context = { tf, variables, update: () => undefined };
        return weightMethod(choice).form.settle?.(tf.add(before, 1), before, shape, choice, context);
      });
      const got = [...((await settled?.data()) ?? [])];
      settled?.dispose();
      expect(got).toEqual([...kernel].map((w, i) => (state.frozen[i] ? w + 0 : Math.fround(w + 1))));
    });
  });
});

describe('INQ', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([
    [[0.74], 0.5],
    [[0.75], 1],
    [[-1.49, 0.2], 1],
    [[1.5], 2],
    [[3e-4], 2 ** -12],
    [[0, 0], 1],
  ])('the largest power for %j is %d', (weights, power) => {
    expect(largestPower(Float32Array.from(weights))).toBe(power);
  });

  it('2 bits are ternary, 5 bits have eight magnitudes down to 2^(n1 − 7)', () => {
    const values = (bits: number) => {
      const found = new Set<number>();
      for (let w = -1.2; w <= 1.2; w += 2 ** -10) found.add(nearestPower(w, bits) + 0);
      return [...found].sort((a, b) => a - b);
    };
    expect(values(2)).toEqual([-1, 0, 1]);
    expect(values(5).filter((w) => w > 0)).toEqual([7, 6, 5, 4, 3, 2, 1, 0].map((e) => 2 ** -e));
    expect(nearestPower(0.5, 2)).toBe(0);
    expect(nearestPower(0.75, 3)).toBe(0.5);
  });

  it('a run keeps the frozen weights at their codes and trains the rest, until all are frozen', async () => {
    const weights = { method: 'inq', portions: [0.5, 1], starts: [0, 0.6], bits: 5 };
    const config = smallConfig({
      quantization: { weights },
      training: { epochs: 4, batchSize: 20, learningRate: 0.02 },
    });
    const info = { name: 'corners', shape: [8, 8, 1] as const, classes: ['a', 'b', 'c', 'd'] };
    const trainer = smallTrainer(tf, { config });
    trainer.prepare();
    const kernels: Record<string, Float32Array>[] = [];
    for await (const event of trainer.run()) {
      if (event.type !== 'checkpoint') continue;
      kernels.push(
        Object.fromEntries(
          [...event.checkpoint.tensors].map(([name, { data }]) => [name, data as Float32Array]),
        ),
      );
    }
    trainer.dispose();
    const [first, last] = [kernels[0], kernels.at(-1)];
    if (!first || !last) throw new Error('no checkpoint');
    const frozen = first['conv1/frozen'] ?? new Float32Array();
    expect(frozen.reduce((sum, one) => sum + one, 0)).toBe(27);
    expect(last['conv1/frozen']?.every((one) => one === 1)).toBe(true);
    const power = last['conv1/power']?.[0] ?? NaN;
    expect(first['conv1/power']?.[0]).toBe(power);
    const deployed = (values: Record<string, Float32Array>) => {
      const graph = buildTrainedGraph(resolveRun(config, info), values, { zero: 0, scale: 1 } as never);
      const conv = graph.nodes.find(({ id }) => id === 'conv1');
      if (!conv || !('weights' in conv)) throw new Error('no conv1');
      return conv.weights;
    };
    const early = deployed(first).float;
    const final = deployed(last);
    expect(final.float).toBeUndefined();
    frozen.forEach((one, i) => {
      const [a, b] = [first['conv1/kernel']?.[i] ?? NaN, last['conv1/kernel']?.[i] ?? NaN];
      if (one) expect(b).toBe(a);
      else expect(b).not.toBe(a);
      expect(early?.[i]).toBe(Math.fround(one ? nearestPower(a / power, 5) * power : a));
      const sum = final.levels.reduce(
        (total, { codes, scale }) => total + (codes[i] ?? 0) * (scale[0] ?? 0),
        0,
      );
      expect(sum + 0).toBe(nearestPower(b / power, 5) * power + 0);
    });
  });

  it.each([2, 5])('learns with %d bits through all stages', async (bits) => {
    expect(await smallAccuracy({ weights: { method: 'inq', bits } })).toBeGreaterThan(0.85);
  });

  it.each([
    [{ portions: [0.5, 0.4, 1] }, /"portions" is \[0\.5,0\.4,1\]; portions must rise/],
    [{ portions: [0.5, 0.9] }, /the last portion must be 1/],
    [{ portions: [0.5, 1], starts: [0.5, 0.1] }, /starts must rise/],
    [{ portions: [0.5, 1], starts: [0.5] }, /one start per portion, 2 of them/],
    [{ portions: [] }, /portions/],
    [{ portion: 0.5 }, /unknown field "portion"/],
  ])('refuses %j', (given, message) => {
    expect(() => weightChoice('inq', given)).toThrow(message);
  });

  it('begins its stages evenly over the run, or when it is told', () => {
    const at = (choice: ReturnType<typeof weightChoice>) =>
      [0, 0.1, 0.2, 0.3, 0.5, 0.65, 0.8, 0.99, 1].map((progress) => portionAt(choice as never, progress));
    expect(at(weightChoice('inq'))).toEqual([0, 0, 0.3, 0.3, 0.6, 0.8, 1, 1, 1]);
    expect(at(weightChoice('inq', { portions: [0.25, 1], starts: [0.1, 0.99] }))).toEqual([
      0, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 1, 1,
    ]);
  });

  it('freezes stage by stage, the largest of the rest first, and never lets go', () => {
    const shape = SHAPES.CONV;
    const choice = weightChoice('inq', { portions: [0.25, 0.5, 1], starts: [0.25, 0.5, 0.75] });
    const { refresh } = weightMethod(choice).form;
    const random = new RandomStream(5, 'weights');
    let kernel = kernelOf(shape);
    let state = started(kernel, shape, choice);
    expect(state.frozen.some((one) => one !== 0)).toBe(false);
    for (const [progress, portion] of [
      [0.1, 0],
      [0.3, 0.25],
      [0.4, 0.25],
      [0.6, 0.5],
      [0.9, 1],
      [1, 1],
    ] as const) {
      const before = state.frozen;
      // What is not frozen moves between the stages.
      kernel = kernel.map((w, i) => (before[i] ? w : w + 0.3 * random.nextNormal()));
      state = refresh?.(kernel, shape, choice, state, progress) as typeof state;
      expect(state.frozen.reduce((sum, one) => sum + one, 0)).toBe(Math.round(portion * kernel.length));
      before.forEach((one, i) => expect(state.frozen[i]).toBeGreaterThanOrEqual(one));
      const fresh = [...kernel].filter((_, i) => !before[i] && state.frozen[i]).map(Math.abs);
      const open = [...kernel].filter((_, i) => !state.frozen[i]).map(Math.abs);
      if (fresh.length > 0 && open.length > 0)
        expect(Math.min(...fresh)).toBeGreaterThanOrEqual(Math.max(...open));
    }
    expect(deployWeights(choice, kernel, shape, state).levels).toHaveLength(2);
  });

  it('counts its portions over the weights that pruning left, and deploys when those are frozen', () => {
    const shape = SHAPES.DENSE;
    const kernel = kernelOf(shape);
    const mask = kernel.map((_, i) => (i % 3 === 0 ? 0 : 1));
    const latent = kernel.map((w, i) => w * (mask[i] ?? 0));
    const choice = weightChoice('inq', { portions: [0.5, 1], starts: [0.2, 0.6] });
    const { refresh } = weightMethod(choice).form;
    const state = { ...started(latent, shape, choice), mask };
    const half = refresh?.(latent, shape, choice, state, 0.3) ?? {};
    const frozen = half.frozen ?? new Float32Array();
    expect(frozen.reduce((sum, one) => sum + one, 0)).toBe(26);
    expect([...frozen].every((one, i) => !one || mask[i] === 1)).toBe(true);
    expect(deployWeights(choice, latent, shape, { ...state, ...half }).levels).toEqual([]);
    const done = { ...state, ...half, frozen: mask.slice() };
    expect(deployWeights(choice, latent, shape, done).levels).toHaveLength(2);
  });

  it('a layer of zeros stays at zero', () => {
    const choice = withPortion(1);
    const state = started(new Float32Array(78), SHAPES.DENSE, choice);
    expectClose(
      deployedValues(deployWeights(choice, new Float32Array(78), SHAPES.DENSE, state), SHAPES.DENSE),
      Array.from({ length: 78 }, () => 0),
    );
  });
});
