import { beforeAll, describe, expect, it } from 'vitest';
import { filterOf } from '#shared/quant/parts/scales.ts';
import { activationMethod, weightMethod } from '#shared/quant/registry.ts';
import type { Staircase } from '#shared/quant/types.ts';
import { staircaseTensor } from '#shared/train/evaluate.ts';
import {
  SHAPES,
  activationChoice,
  asNumbers,
  callActivations,
  callWeights,
  deployWeights,
  deployedValues,
  expectClose,
  incomingFor,
  kernelOf,
  startedLayer,
  weightChoice,
} from '#test/support/quant-forms.ts';
import { smallAccuracy } from '#test/support/small-accuracy.ts';
import { TEST_BACKENDS, tf } from '#test/support/tensorflow.ts';

/** Multi-level ternary with trained or averaged thresholds and scales. */

/** −sgn(r)/(2a) within a = ratio · Δ of ±Δ. */
function slopeAt(r: number, delta: number, ratio: number): number {
  const a = ratio * delta;
  return Math.abs(Math.abs(r) - delta) <= a ? (0 - Math.sign(r)) / (2 * a) : 0;
}

function levelsOf(x: number, deltas: readonly number[], gammas: readonly number[]) {
  let r = x;
  const residuals: number[] = [];
  const codes = gammas.map((gamma, l) => {
    residuals.push(r);
    const delta = Math.abs(deltas[l] ?? 0);
    const code = r > delta ? 1 : r < -delta ? -1 : 0;
    r = Math.fround(r - Math.abs(gamma) * code);
    return code;
  });
  return {
    codes,
    residuals,
    value: codes.reduce<number>((sum, code, l) => sum + code * Math.abs(gammas[l] ?? 0), 0),
  };
}

describe.each(TEST_BACKENDS)('multi-level ternary on $id', (backend) => {
  beforeAll(() => backend.activate());

  it.each(
    Object.entries(SHAPES).flatMap(([name, shape]) =>
      (['layer', 'filter'] as const).map((granularity) => ({ name, shape, granularity })),
    ),
  )(
    'weights of $name per $granularity, all trained: value, gradients, deployment',
    async ({ shape, granularity }) => {
      const choice = weightChoice('multi-level-ternary', {
        threshold: 'trained',
        scales: 'trained',
        granularity,
        thresholdWindow: 0.5,
      });
      const kernel = kernelOf(shape);
      const count = granularity === 'layer' ? 1 : shape.filters;
      const per = (start: number, sign = 1) =>
        Array.from({ length: count }, (_, f) => Math.fround(sign * (start + 0.03 * f)));
      const given = { delta1: per(0.4), delta2: per(0.2, -1), gamma1: per(0.7, -1), gamma2: per(0.25) };
      const g = incomingFor(kernel.length);
      const got = await callWeights(choice, kernel, shape, given, g);
      const expected = { delta1: per(0), delta2: per(0), gamma1: per(0), gamma2: per(0) };
      for (const list of Object.values(expected)) list.fill(0);
      const values = [...kernel].map((w, i) => {
        const group = granularity === 'layer' ? 0 : filterOf(shape, i);
        const deltas = [given.delta1[group] ?? 0, given.delta2[group] ?? 0];
        const gammas = [given.gamma1[group] ?? 0, given.gamma2[group] ?? 0];
        const { codes, residuals, value } = levelsOf(w, deltas, gammas);
        [0, 1].forEach((l) => {
          const [delta, gamma, dy] = [deltas[l] ?? 0, gammas[l] ?? 0, g[i] ?? 0];
          const toDelta = expected[`delta${l + 1}` as 'delta1'];
          const toGamma = expected[`gamma${l + 1}` as 'gamma1'];
          const slope = slopeAt(residuals[l] ?? 0, Math.abs(delta), 0.5);
          toDelta[group] = (toDelta[group] ?? 0) + Math.sign(delta) * Math.abs(gamma) * slope * dy;
          toGamma[group] = (toGamma[group] ?? 0) + Math.sign(gamma) * (codes[l] ?? 0) * dy;
        });
        return value;
      });
      expectClose(got.value, values, 1e-5);
      expectClose(got.gradient, g, 1e-6);
      for (const [name, numbers] of Object.entries(expected))
        expectClose(got.variables[name] ?? [], numbers, 1e-4);
      const plain = Object.fromEntries(
        Object.entries(given).map(([name, list]) => [name, Float32Array.from(list)]),
      );
      expectClose(deployedValues(deployWeights(choice, kernel, shape, plain), shape), got.value, 1e-5);
    },
  );

  it.each(Object.entries(SHAPES))(
    'trained weights of %s start as the rules mean and residual have them, nearest follows the scale',
    async (_name, shape) => {
      const kernel = kernelOf(shape);
      const fixed = await callWeights(weightChoice('multi-level-ternary'), kernel, shape);
      for (const parameters of [
        { threshold: 'trained', scales: 'trained' },
        { threshold: 'trained' },
        { scales: 'trained' },
      ]) {
        const choice = weightChoice('multi-level-ternary', parameters);
        const { variables } = startedLayer(choice, shape, kernel);
        const got = await callWeights(choice, kernel, shape, asNumbers(variables));
        expectClose(got.value, fixed.value, 1e-5);
      }
      const nearest = weightChoice('multi-level-ternary', { threshold: 'nearest', scales: 'trained' });
      const got = await callWeights(nearest, kernel, shape, { gamma1: 0.8, gamma2: -0.3 });
      expectClose(
        got.value,
        [...kernel].map((w) => levelsOf(w, [0.4, 0.15].map(Math.fround), [0.8, 0.3].map(Math.fround)).value),
        1e-5,
      );
    },
  );

  it.each(['mean', 'max', 'trained'] as const)(
    'activations, threshold %s: value, updates, deployment',
    async (threshold) => {
      for (const scales of ['trained', 'mean'] as const) {
        const choice = activationChoice('multi-level-ternary', { threshold, scales, momentum: 0.25 });
        const given = { gamma1: 1.1, gamma2: 0.45, delta1: 0.5, delta2: 0.3 };
        const float = Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, Float32Array.of(value)]),
        );
        const [deltas, gammas] = [
          [Math.fround(0.5), Math.fround(0.3)],
          [Math.fround(1.1), Math.fround(0.45)],
        ];
        const staircase = activationMethod(choice).form.deploy(choice, float) as Staircase;
        const inputs = [-3, -1.4, -0.5, -0, 0, 0.2, 0.5, 0.55, 0.8, 1.4, 2, ...staircase.thresholds];
        const got = await callActivations(choice, inputs, [inputs.length], given);
        const all = inputs.map((x) => levelsOf(Math.fround(x), deltas, gammas));
        expectClose(
          got.value,
          all.map(({ value }) => value),
          1e-6,
        );
        const deployed = tf.tidy(() => staircaseTensor(tf, staircase, tf.tensor1d(inputs)));
        expectClose([...(await deployed.data())], got.value, 1e-6);
        deployed.dispose();
        const blend = (before: number, now: number) => 0.75 * before + 0.25 * now;
        [0, 1].forEach((l) => {
          const residuals = all.map((one) => Math.abs(one.residuals[l] ?? 0));
          const mean = residuals.reduce((sum, r) => sum + r, 0) / residuals.length;
          const statistic = threshold === 'mean' ? 0.7 * mean : 0.05 * Math.max(...residuals);
          const delta = got.updates[`delta${l + 1}`];
          if (threshold === 'trained') expect(delta).toBeUndefined();
          else expectClose(delta ?? [], [blend(deltas[l] ?? 0, statistic)], 1e-5);
          const kept = residuals.filter((r) => r > (deltas[l] ?? 0));
          const gamma = got.updates[`gamma${l + 1}`];
          if (scales === 'trained') expect(gamma).toBeUndefined();
          else
            expectClose(
              gamma ?? [],
              [blend(gammas[l] ?? 0, kept.reduce((sum, r) => sum + r, 0) / Math.max(1, kept.length))],
              1e-5,
            );
        });
      }
    },
  );

  it('activations, trained thresholds: the gradient is that of a rectangle at each, less what later levels take up', async () => {
    const choice = activationChoice('multi-level-ternary', { threshold: 'trained', thresholdWindow: 0.8 });
    const [deltas, gammas] = [
      [0.5, 0.25],
      [0.9, -0.4],
    ];
    const inputs = [-2, -0.95, -0.6, -0.5, -0.2, -0, 0, 0.1, 0.3, 0.5, 0.7, 0.89, 1.2, 1.5, 2.5];
    const g = incomingFor(inputs.length);
    const given = { gamma1: 0.9, gamma2: -0.4, delta1: 0.5, delta2: 0.25 };
    const got = await callActivations(choice, inputs, [inputs.length], given, g);
    const all = inputs.map((x) => levelsOf(Math.fround(x), deltas, gammas.map(Math.fround)));
    // Level 2 takes up its scale's share of what level 1 leaves, where its residual lies in (−1, 1).
    const left = all.map(({ residuals }) => (Math.abs(residuals[1] ?? 0) < 1 ? 1 - 0.4 : 1));
    const sum = (term: (i: number) => number) =>
      inputs.reduce((total, _, i) => total + (g[i] ?? 0) * term(i), 0);
    const slope = (l: number, i: number) => slopeAt(all[i]?.residuals[l] ?? 0, deltas[l] ?? 0, 0.8);
    expectClose(got.variables.delta1 ?? [], [sum((i) => 0.9 * slope(0, i) * (left[i] ?? 0))], 1e-4);
    expectClose(got.variables.delta2 ?? [], [sum((i) => 0.4 * slope(1, i))], 1e-4);
    expectClose(got.variables.gamma1 ?? [], [sum((i) => (all[i]?.codes[0] ?? 0) * (left[i] ?? 0))], 1e-4);
    expectClose(got.variables.gamma2 ?? [], [sum((i) => 0 - (all[i]?.codes[1] ?? 0))], 1e-4);
  });
});

describe('multi-level ternary', () => {
  beforeAll(() => TEST_BACKENDS[1]?.activate());

  it.each([
    { weights: { threshold: 'trained', scales: 'trained' }, activations: { threshold: 'trained' } },
    { weights: { scales: 'trained' }, activations: { threshold: 'mean', scales: 'mean' } },
  ])('learns with %o', async ({ weights, activations }) => {
    const accuracy = await smallAccuracy({
      weights: { method: 'multi-level-ternary', ...weights },
      activations: { method: 'multi-level-ternary', ...activations },
    });
    expect(accuracy).toBeGreaterThan(0.85);
  });

  it('has as many variables as it trains', () => {
    const names = (parameters: Record<string, unknown>) => {
      const choice = weightChoice('multi-level-ternary', parameters);
      return (weightMethod(choice).form.variables?.(SHAPES.DENSE, choice) ?? []).map(({ name }) => name);
    };
    expect(names({})).toEqual([]);
    expect(names({ threshold: 'trained', levels: 1 })).toEqual(['delta1']);
    expect(names({ threshold: 'trained', scales: 'trained' })).toEqual([
      'delta1',
      'delta2',
      'gamma1',
      'gamma2',
    ]);
  });
});
