import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { nearestState, stateStep, transition } from '#shared/quant/methods/gxnor/states.ts';
import { activationMethod, weightMethod } from '#shared/quant/registry.ts';
import type { Staircase } from '#shared/quant/types.ts';
import { staircaseTensor } from '#shared/train/evaluate.ts';
import type { TrainEvent } from '#shared/train/events.ts';
import {
  CONV,
  SHAPES,
  activationChoice,
  callActivations,
  callWeights,
  deployWeights,
  deployedValues,
  expectClose,
  incomingFor,
  weightChoice,
} from '#test/support/quant-forms.ts';
import { smallAccuracy } from '#test/support/small-accuracy.ts';
import { smallConfig, smallTrainer } from '#test/support/small-run.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** S equally spaced numbers from −1 to 1, in float32. */
const statesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => Math.fround((2 * n - (count - 1)) / (count - 1)));
/** |Z_N|: 2^N + 1, and 2 for N = 0. */
const sizeOf = (order: number) => (order === 0 ? 2 : 2 ** order + 1);

/** Outcomes with their probabilities in the authors' form: no restriction, then clipped and snapped. */
function outcomes(w: number, change: number, count: number, m: number): Map<number, number> {
  const step = 2 / (count - 1);
  const whole = Math.trunc(change / step) * step;
  const p = Math.tanh((m * Math.abs(change - whole)) / step);
  const snapped = (x: number) => {
    const clipped = Math.min(1, Math.max(-1, x));
    return statesOf(count).reduce((best, s) => (Math.abs(s - clipped) < Math.abs(best - clipped) ? s : best));
  };
  const result = new Map<number, number>();
  const put = (x: number, probability: number) =>
    result.set(snapped(x), (result.get(snapped(x)) ?? 0) + probability);
  put(w + whole, 1 - p);
  put(w + whole + Math.sign(change) * step, p);
  return result;
}

const GRID = 4000;

/** What `settle` makes of one weight for an even grid of noise: each outcome with its share. */
async function shares(states: number, m: number, w: number, change: number): Promise<Map<number, number>> {
  const choice = weightChoice('gxnor', { states, steepness: m });
  const shape = { shape: [GRID, 1], filters: 1, fanIn: GRID, filterAxis: 1 };
  const settled = tf.tidy(() => {
    const before = tf.fill(shape.shape, w);
    const noise = tf.tensor(
      Float32Array.from({ length: GRID }, (_, i) => (i + 0.5) / GRID),
      shape.shape,
    );
    const context = { tf, variables: {}, noise, update: () => undefined };
    return weightMethod(choice).form.settle?.(tf.add(before, change), before, shape, choice, context);
  });
  const result = new Map<number, number>();
  for (const x of (await settled?.data()) ?? []) result.set(x, (result.get(x) ?? 0) + 1 / GRID);
  settled?.dispose();
  return result;
}

describe('discrete state transition', () => {
  // W, dW, the step's whole part and the probability of one more, for m = 3.
  it.each([
    [1, 0, 0.1, 0, 0.2913],
    [1, 0, -0.25, 0, 0.6351],
    [1, 1, -1.2, -1, 0.537],
    [1, -1, 0.5, 0, 0.9051],
    [1, 1, 0.3, 0, 0],
    [2, 0.5, 0.1, 0, 0.537],
  ])('N = %d: from %d by %d moves %d and one further with probability %d', (order, w, change, sure, p) => {
    const move = transition(w, change, sizeOf(order), 3);
    expect(move.sure + 0).toBe(sure);
    expect(move.probability).toBeCloseTo(p, 4);
  });

  it('has the outcome distribution of the authors’ form in every state and for every change', () => {
    const random = new RandomStream(1, 'changes');
    for (let i = 0; i < 4000; i++) {
      const count = [2, 3, 5, 9, 4, 6, 7][i % 7] ?? 2;
      const states = statesOf(count);
      const w = states[random.nextBelow(states.length)] ?? 0;
      const change = 1.2 * random.nextNormal();
      const { sure, probability } = transition(w, change, count, 3);
      const base = nearestState(w + sure, count);
      const further = nearestState(
        Math.min(1, Math.max(-1, base + Math.sign(change) * stateStep(count))),
        count,
      );
      const got = new Map([[base, 1 - probability]]);
      got.set(further, (got.get(further) ?? 0) + probability);
      for (const [state, p] of outcomes(w, change, count, 3)) expect(got.get(state) ?? 0).toBeCloseTo(p, 5);
    }
  });

  describe.each(TEST_BACKENDS)('on $id', (backend) => {
    beforeAll(() => backend.activate());

    it.each([
      [3, 3, 0, 0.1],
      [3, 3, 0, -0.25],
      [3, 3, 1, -1.2],
      [3, 3, -1, 0.5],
      [3, 3, 1, 0.3],
      [3, 1, 0, 0.4],
      [2, 3, -1, 0.3],
      [2, 3, 1, -2.5],
      [2, 3, 1, 0.3],
      [5, 3, 0.5, 0.1],
      [5, 10, -0.5, 0.7],
      [9, 3, 0.25, -0.9],
      [9, 3, -1, -0.1],
      [3, 3, 0, 0],
      [4, 3, Math.fround(1 / 3), 0.5],
      [4, 3, Math.fround(-1 / 3), 9],
      [6, 3, Math.fround(-0.6), -0.3],
      [7, 3, Math.fround(2 / 3), 0.2],
    ])(
      '%d states, m = %d: from %d by %d, the shares over a noise grid are the probabilities',
      async (count, m, w, change) => {
        const got = await shares(count, m, w, change);
        const expected = outcomes(w, Math.fround(w + change) - w, count, m);
        for (const state of statesOf(count)) {
          expect(Math.abs((got.get(state) ?? 0) - (expected.get(state) ?? 0))).toBeLessThan(1.5 / GRID);
          got.delete(state);
        }
        expect([...got.keys()], 'outside the states').toEqual([]);
      },
    );
  });
});

describe.each([2, 3, 4, 5, 6, 9, 10, 100, 129])('GXNOR weights with %d states', (count) => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());
  const choice = weightChoice('gxnor', { states: count });
  const { form, bits } = weightMethod(choice);
  const states = statesOf(count);

  it('snap to the nearest state, and a state to itself', () => {
    for (const s of states) expect(nearestState(s, count)).toBeCloseTo(s, 6);
    for (let w = -1.3; w <= 1.3; w += 1 / 512 + 1e-5) {
      const best = Math.min(...states.map((s) => Math.abs(s - w)));
      expect(Math.abs(nearestState(w, count) - w)).toBeCloseTo(best, 6);
    }
  });

  it.each(Object.entries(SHAPES))(
    'start on states, train on them and deploy them: %s',
    async (_name, shape) => {
      const size = shape.shape.reduce((product, extent) => product * extent, 1);
      const kernel = form.initialize?.(
        new Float32Array(size),
        shape,
        choice,
        new RandomStream(4, 'start'),
      )?.kernel;
      if (!kernel) throw new Error('no kernel');
      const nearest = (w: number) => Math.min(...states.map((s) => Math.abs(s - w)));
      expect(kernel.every((w) => nearest(w) < 1e-6)).toBe(true);
      const g = incomingFor(size);
      const { value, gradient } = await callWeights(choice, kernel, shape, {}, g);
      expectClose(value, [...kernel], 1e-6);
      expectClose(gradient, g, 1e-7);
      const deployed = deployWeights(choice, kernel, shape);
      expectClose(deployedValues(deployed, shape), [...kernel], 1e-6);
      expect(new Set(deployed.levels[0]?.codes).size).toBeLessThanOrEqual(states.length);
    },
  );

  it('need noise in each step, are kept as states, and take the bits to tell them apart', () => {
    expect(form.noise?.(choice)).toBe(true);
    expect(form.states?.(choice)).toBe(count);
    expect(2 ** bits).toBeGreaterThanOrEqual(count);
    expect(2 ** (bits - 1)).toBeLessThan(count);
  });
});

describe('GXNOR weights', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([
    [0, 2, 1],
    [1, 3, 2],
    [2, 5, 3],
    [7, 129, 8],
  ])('N = %d: %d states of %d bits', (order, count, bits) => {
    const choice = weightChoice('gxnor', { order });
    expect(weightMethod(choice).form.states?.(choice)).toBe(count);
    expect(weightMethod(choice).bits).toBe(bits);
  });

  it.each([
    [1, [1 / 4, 1 / 2, 1 / 4]],
    [1.5, [1 / 3, 1 / 3, 1 / 3]],
  ])('drawn from ±%d start with the shares %o', (initialRange, expected) => {
    const choice = weightChoice('gxnor', { initialRange });
    const given = weightMethod(choice).form.initialize?.(
      new Float32Array(30_000),
      CONV,
      choice,
      new RandomStream(2, 'start'),
    );
    [-1, 0, 1].forEach((state, i) => {
      const share = (given?.kernel ?? new Float32Array()).filter((w) => w === state).length / 30_000;
      expect(Math.abs(share - (expected[i] ?? 0))).toBeLessThan(0.01);
    });
  });

  it('stay on the three states through a whole run', async () => {
    const trainer = smallTrainer(tf, {
      config: smallConfig({ quantization: { weights: { method: 'gxnor' } } }),
    });
    trainer.prepare();
    const events: TrainEvent[] = [];
    for await (const event of trainer.run()) events.push(event);
    trainer.dispose();
    const last = events.findLast((event) => event.type === 'checkpoint');
    if (last?.type !== 'checkpoint') throw new Error('no checkpoint');
    for (const layer of ['conv1', 'depth', 'out']) {
      const weights = last.checkpoint.tensors.get(`${layer}/kernel`)?.data as Float32Array;
      expect([...new Set(weights)].map((w) => w + 0).every((w) => [-1, 0, 1].includes(w))).toBe(true);
    }
  });

  it.each([
    [3, 3],
    [2, 2],
    [9, 4],
  ])('learn with %d states for weights and %d for activations', async (weights, activations) => {
    const accuracy = await smallAccuracy({
      weights: { method: 'gxnor', states: weights },
      activations: { method: 'gxnor', states: activations },
    });
    expect(accuracy).toBeGreaterThan(0.85);
  });
});

/** The paper's levels: w/L where (w − 1)/L · (H − r) + r < |x| ≤ w/L · (H − r) + r, saturated beyond H. */
function level(x: number, order: number, r: number, span: number): number {
  const count = 2 ** (order - 1);
  const magnitude = Math.abs(x);
  if (magnitude <= r) return 0;
  for (let w = 1; w <= count; w++) {
    if (magnitude > ((w - 1) / count) * span + r && magnitude <= (w / count) * span + r)
      return (Math.sign(x) * w) / count;
  }
  return Math.sign(x);
}

function window(kind: 'rectangular' | 'triangular', u: number, a: number): number {
  const distance = Math.abs(u);
  if (distance > a) return 0;
  return kind === 'rectangular' ? 1 / (2 * a) : (a - distance) / a ** 2;
}

const INPUTS = [
  -3, -1, -0.75, -0.625, -0.5, -0.25, -0, 0, 0.125, 0.5, 0.5625, 0.625, 0.875, 1, 1.25, 1.5, 2.5,
];

describe.each(TEST_BACKENDS)('GXNOR activations on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each(
    [1, 2, 3, 4].flatMap((order) =>
      (['rectangular', 'triangular'] as const).map((kind) => [order, kind] as const),
    ),
  )('N = %d, %s window: levels and slopes are the paper’s', async (order, kind) => {
    for (const [r, span, a] of [
      [0.5, 0.5, 0.5],
      [0.25, 1, 0.125],
      [1, 2, 0.75],
    ] as const) {
      const choice = activationChoice('gxnor', { order, window: kind, threshold: r, span, halfWidth: a });
      const g = incomingFor(INPUTS.length);
      const got = await callActivations(choice, INPUTS, [INPUTS.length], {}, g);
      expectClose(
        got.value,
        INPUTS.map((x) => level(x, order, r, span) + 0),
        1e-6,
      );
      const count = 2 ** (order - 1);
      expectClose(
        got.gradient,
        INPUTS.map((x, i) => {
          const all = Array.from({ length: count }, (_, w) =>
            window(kind, Math.abs(x) - (r + (span * w) / count), a),
          );
          return ((g[i] ?? 0) * all.reduce((sum, value) => sum + value, 0)) / count;
        }),
      );
      const staircase = activationMethod(choice).form.deploy(choice, {}) as Staircase;
      expect(staircase.codes).toHaveLength(2 ** order + 1);
      const deployed = tf.tidy(() => staircaseTensor(tf, staircase, tf.tensor1d(INPUTS)));
      expectClose([...(await deployed.data())], got.value, 1e-6);
      deployed.dispose();
    }
  });

  it('N = 0 is the sign with a window of area 2 at zero', async () => {
    const choice = activationChoice('gxnor', { order: 0, window: 'triangular', halfWidth: 0.5 });
    const got = await callActivations(
      choice,
      INPUTS,
      [INPUTS.length],
      {},
      INPUTS.map(() => 1),
    );
    expect(got.value).toEqual(INPUTS.map((x) => (x < 0 ? -1 : 1)));
    expectClose(
      got.gradient,
      INPUTS.map((x) => 2 * window('triangular', x, 0.5)),
    );
    expect(activationMethod(choice).form.deploy(choice, {})).toMatchObject({
      thresholds: [0],
      codes: [-1, 1],
    });
  });
});

describe('GXNOR activations', () => {
  it('are ternary by default, and in configurations from before there were several levels', () => {
    const choice = activationChoice('gxnor', { threshold: 0.5, window: 'rectangular', halfWidth: 0.5 });
    expect(activationMethod(activationChoice('gxnor')).form.deploy(activationChoice('gxnor'), {})).toEqual(
      activationMethod(choice).form.deploy(choice, {}),
    );
    const { form, curve, bits } = activationMethod(choice);
    expect(form.deploy(choice, {})).toEqual({
      thresholds: [-0.5, 0.5],
      inclusive: [true, false],
      codes: [-1, 0, 1],
      scale: 1,
    });
    expect([curve.value(0.6, choice), curve.slope(0.6, choice), bits]).toEqual([1, 1, 2]);
  });

  it('r = 1, a = 0.5 is the authors’ ramp: ±1 beyond 1, slope 1 for 0.5 < |x| < 1.5', () => {
    const choice = activationChoice('gxnor', { preset: 'repo' });
    const { curve } = activationMethod(choice);
    for (const [x, value, slope] of [
      [0.3, 0, 0],
      [0.7, 0, 1],
      [1.2, 1, 1],
      [1.7, 1, 0],
    ] as const) {
      expect([curve.value(x, choice), curve.slope(x, choice)]).toEqual([value, slope]);
      expect([curve.value(-x, choice) + 0, curve.slope(-x, choice)]).toEqual([0 - value, slope]);
    }
  });
});

describe.each(TEST_BACKENDS)('an even number of GXNOR levels on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each([
    [4, 'rectangular'],
    [4, 'triangular'],
    [6, 'triangular'],
  ] as const)('%d levels, %s window: the steps between them, one at 0', async (states, kind) => {
    const [r, span, a] = [0.5, 0.5, 0.25];
    const choice = activationChoice('gxnor', { states, window: kind, threshold: r, span, halfWidth: a });
    const outer = states / 2 - 1;
    const steps = [0, ...Array.from({ length: outer }, (_, w) => r + (span * w) / outer)];
    const g = incomingFor(INPUTS.length);
    const got = await callActivations(choice, INPUTS, [INPUTS.length], {}, g);
    expectClose(
      got.value,
      INPUTS.map((x) => {
        const passed = steps.slice(1).filter((step) => Math.abs(x) > step).length;
        return ((x < 0 ? -1 : 1) * (1 + 2 * passed)) / (states - 1);
      }),
      1e-6,
    );
    expectClose(
      got.gradient,
      INPUTS.map(
        (x, i) =>
          ((g[i] ?? 0) * 2 * steps.reduce((sum, step) => sum + window(kind, Math.abs(x) - step, a), 0)) /
          (states - 1),
      ),
    );
    const staircase = activationMethod(choice).form.deploy(choice, {}) as Staircase;
    const deployed = tf.tidy(() => staircaseTensor(tf, staircase, tf.tensor1d(INPUTS)));
    expectClose([...(await deployed.data())], got.value, 1e-6);
    deployed.dispose();
  });
});
