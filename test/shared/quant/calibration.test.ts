import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { METHODS, activationMethod } from '#shared/quant/registry.ts';
import { activationChoice } from '#test/support/quant-forms.ts';

/** Where activation quantizers start, computed from the first batch a second time with sorted lists and brute force. */

const random = new RandomStream(12, 'first batch');
/** Neither standard normal nor symmetric, with zeros. */
const INPUTS = Float32Array.from({ length: 4000 }, (_, i) =>
  i % 50 === 0 ? 0 : 0.3 + 2.5 * random.nextNormal(),
);
const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / Math.max(list.length, 1);
const magnitudes = [...INPUTS].map(Math.abs);

function calibrated(method: string, parameters: Record<string, unknown> = {}, inputs = INPUTS) {
  const choice = activationChoice(method, parameters);
  const given = activationMethod(choice).form.calibrate?.(inputs, choice) ?? {};
  return Object.fromEntries(Object.entries(given).map(([name, values]) => [name, [...values]]));
}

function expectNumbers(got: Record<string, number[]>, expected: Record<string, number>): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(got[name]?.[0], name).toBeCloseTo(value, 4);
}

/** Mean squared error of rounding every input to the nearest of the levels. */
function error(levels: readonly number[], inputs: readonly number[]): number {
  return mean(inputs.map((x) => Math.min(...levels.map((level) => (x - level) ** 2))));
}

describe('the first batch', () => {
  it.each(METHODS.filter(({ activations }) => activations).map(({ card }) => card.id))(
    '%s: gives only variables that there are, in their shapes, and every number finite',
    (id) => {
      const choice = activationChoice(id);
      const { form } = activationMethod(choice);
      const specs = new Map((form.variables?.(choice) ?? []).map((spec) => [spec.name, spec]));
      for (const inputs of [INPUTS, new Float32Array(100), Float32Array.of(-3), new Float32Array(0)]) {
        for (const [name, values] of Object.entries(form.calibrate?.(inputs, choice) ?? {})) {
          expect(values).toHaveLength(
            specs.get(name)?.shape.reduce((product, size) => product * size, 1) ?? -1,
          );
          expect(values.every(Number.isFinite)).toBe(true);
        }
      }
    },
  );

  it('LSQ: 2 · mean |v| / √Qp, v after the rectifier where codes are not signed', () => {
    const positive = [...INPUTS].map((x) => Math.max(0, x));
    expectNumbers(calibrated('lsq', { bits: 4 }), { step: (2 * mean(positive)) / Math.sqrt(15) });
    expectNumbers(calibrated('lsq', { bits: 3, signed: true }), {
      step: (2 * mean(magnitudes)) / Math.sqrt(3),
    });
    expect(calibrated('lsq', { start: 'constant' })).toEqual({});
    expect(calibrated('lsq', {}, new Float32Array(8))).toEqual({});
  });

  it('int8: the range of the batch with 0', () => {
    expectNumbers(calibrated('int8'), { low: 0, high: Math.max(...INPUTS) });
    expectNumbers(calibrated('int8', { relu: false }), {
      low: Math.min(...INPUTS),
      high: Math.max(...INPUTS),
    });
    expectNumbers(calibrated('int8', { relu: false }, Float32Array.of(2, 5)), { low: 0, high: 5 });
    expect(calibrated('int8', { start: 'constant' })).toEqual({});
  });

  it('TBN and TOT-Net: the statistics of the batch; TBN by choice, as its authors start from a constant', () => {
    expect(calibrated('tbn')).toEqual({});
    expectNumbers(calibrated('tbn', { start: 'first-batch', delta: 0.4 }), {
      threshold: 0.4 * mean(magnitudes),
    });
    const delta = 0.7 * mean(magnitudes);
    expectNumbers(calibrated('tot-net'), { delta, alpha: mean(magnitudes.filter((x) => x > delta)) });
    const relu = [...INPUTS].map((x) => Math.max(0, x));
    const after = 0.7 * mean(relu);
    expectNumbers(calibrated('tot-net', { left: 'relu', right: 'relu' }), {
      delta: after,
      alpha: mean(relu.filter((x) => x > after)),
    });
    expect(calibrated('tot-net', { start: 'normal' })).toEqual({});
  });

  it('ReBNet: mean residuals of the clipped batch that add up to 1, by choice', () => {
    expect(calibrated('rebnet')).toEqual({});
    const got = calibrated('rebnet', { levels: 3, start: 'first-batch' });
    let rest = [...INPUTS].map((x) => Math.max(-1, Math.min(1, x)));
    const means = [0, 1, 2].map(() => {
      const scale = mean(rest.map(Math.abs));
      rest = rest.map((r) => (r < 0 ? r + scale : r - scale));
      return scale;
    });
    const total = means.reduce((sum, x) => sum + x, 0);
    expectNumbers(got, Object.fromEntries(means.map((x, l) => [`gamma${l + 1}`, x / total])));
  });

  it('ABC-Net: its spread in units of the root mean square, by choice', () => {
    expect(calibrated('abc-net')).toEqual({});
    const size = Math.sqrt(mean([...INPUTS].map((x) => x * x)));
    const got = calibrated('abc-net', { bases: 2, spread: 1.5, start: 'first-batch' });
    // Three even levels over ±1.5 rms: steps of 1.5 rms, thresholds halfway.
    expectNumbers(got, {
      v1: 0.5 + 0.75 * size,
      v2: 0.5 - 0.75 * size,
      beta1: 0.75 * size,
      beta2: 0.75 * size,
    });
  });

  it('LQ-Nets: a basis that fits the batch better than the one for standard normal inputs, by choice', () => {
    expect(calibrated('lq-nets')).toEqual({});
    const positive = [...INPUTS].map((x) => Math.max(0, x));
    for (const bits of [1, 2, 3]) {
      const levels = (basis: readonly number[]) =>
        Array.from({ length: 2 ** bits }, (_, code) =>
          basis.reduce((sum, v, k) => sum + ((code >> k) & 1 ? v : 0), 0),
        );
      const normal = Array.from({ length: bits }, (_, k) => ((2 * 0.6745) / (2 ** bits - 1)) * 2 ** k);
      const got = calibrated('lq-nets', { bits, start: 'first-batch', ridge: 1e-6 });
      const basis = Array.from({ length: bits }, (_, k) => got[`basis${k}`]?.[0] ?? NaN);
      const fitted = error(levels(basis), positive);
      expect(fitted).toBeLessThan(0.6 * error(levels(normal), positive));
      // A least-squares optimum for its own cells: no small change of a basis vector helps.
      basis.forEach((_, k) => {
        for (const factor of [0.97, 1.03])
          expect(error(levels(basis.map((v, j) => (j === k ? v * factor : v))), positive)).toBeGreaterThan(
            fitted - 1e-4,
          );
      });
    }
  });

  it('multi-level ternary: each level fitted to what the levels before left over', () => {
    const got = calibrated('multi-level-ternary', { levels: 3 });
    let rest = [...INPUTS];
    [1, 2, 3].forEach((l) => {
      const scale = got[`gamma${l}`]?.[0] ?? NaN;
      // Nearest: the scale is the mean of what lies beyond half of it.
      expect(mean(rest.map(Math.abs).filter((x) => x > scale / 2))).toBeCloseTo(scale, 2);
      rest = rest.map((r) => (Math.abs(r) > scale / 2 ? r - Math.sign(r) * scale : r));
    });
    const means = calibrated('multi-level-ternary', { levels: 1, threshold: 'mean' });
    const delta = 0.7 * mean(magnitudes);
    expectNumbers(means, { delta1: delta, gamma1: mean(magnitudes.filter((x) => x > delta)) });
    const most = calibrated('multi-level-ternary', { levels: 1, threshold: 'max', maxFactor: 0.1 });
    expectNumbers(most, {
      delta1: 0.1 * Math.max(...magnitudes),
      gamma1: mean(magnitudes.filter((x) => x > 0.1 * Math.max(...magnitudes))),
    });
    for (const initial of ['normal', 'rebnet'])
      expect(calibrated('multi-level-ternary', { initial })).toEqual({});
  });

  it('multi-level ternary: a standard normal batch gives the scales for standard normal inputs', () => {
    const normal = Float32Array.from({ length: 60_000 }, () => random.nextNormal());
    const got = calibrated('multi-level-ternary', { levels: 4 }, normal);
    const choice = activationChoice('multi-level-ternary', { levels: 4 });
    for (const { name, initial } of activationMethod(choice).form.variables?.(choice) ?? []) {
      const expected = initial.kind === 'constant' ? initial.value : NaN;
      expect(Math.abs((got[name]?.[0] ?? NaN) - expected), name).toBeLessThan(0.02);
    }
  });
});
