import { describe, expect, it } from 'vitest';
import { curveReach, sampleCurve } from '#shared/quant/curve-sample.ts';
import { METHODS } from '#shared/quant/registry.ts';
import type { VariableSpec } from '#shared/quant/types.ts';

/** Curves as they are drawn: jumps where the function has them, and nowhere else. */

const heightAt = (curve: ReturnType<typeof sampleCurve>, x: number) => {
  for (const piece of curve.pieces) {
    for (let i = 1; i < piece.length; i++) {
      const [[ax, ay], [bx, by]] = [piece[i - 1] ?? [NaN, NaN], piece[i] ?? [NaN, NaN]];
      if (x >= ax && x <= bx) return bx === ax ? ay : ay + ((x - ax) / (bx - ax)) * (by - ay);
    }
  }
  return NaN;
};

describe('sampled curves', () => {
  it('finds the one jump of the sign, and that the function is +1 there', () => {
    const { jumps, pieces } = sampleCurve((x) => (x < 0 ? -1 : 1), -2, 2);
    expect(jumps).toEqual([{ x: 0, below: -1, above: 1, takes: 'above' }]);
    expect(pieces).toEqual([
      [
        [-2, -1],
        [0, -1],
      ],
      [
        [0, 1],
        [2, 1],
      ],
    ]);
  });

  it('tells a strict threshold from an inclusive one', () => {
    const strict = sampleCurve((x) => (x > 0.7 ? 1 : x < -0.7 ? -1 : 0), -2, 2);
    expect(strict.jumps).toEqual([
      { x: -0.7, below: -1, above: 0, takes: 'above' },
      { x: 0.7, below: 0, above: 1, takes: 'below' },
    ]);
    const inclusive = sampleCurve((x) => (x >= 0.7 ? 1 : 0), -2, 2);
    expect(inclusive.jumps).toEqual([{ x: 0.7, below: 0, above: 1, takes: 'above' }]);
  });

  it('draws a steep slope as a slope', () => {
    const steep = (x: number) => Math.tanh(400 * (x - 0.123));
    const curve = sampleCurve(steep, -2, 2);
    expect(curve.jumps).toEqual([]);
    expect(curve.pieces).toHaveLength(1);
  });

  it('separates jumps that lie closer together than its grid', () => {
    const { jumps } = sampleCurve((x) => (x < 0.1 ? 0 : x < 0.1001 ? 5 : 1), -2, 2);
    expect(jumps.map(({ x }) => x)).toEqual([0.1, 0.1001]);
  });

  it('keeps a straight line as its two ends and follows a curve closely', () => {
    expect(sampleCurve((x) => 3 * x - 1, -2, 2).pieces).toEqual([
      [
        [-2, -7],
        [2, 5],
      ],
    ]);
    const curve = sampleCurve(Math.sin, -2, 2);
    for (let x = -2; x <= 2; x += 0.01) expect(heightAt(curve, x)).toBeCloseTo(Math.sin(x), 4);
  });

  it('reaches as far as the outermost jump, and to 2 at least', () => {
    expect(curveReach((x) => (x > 6 ? 1 : 0))).toBe(7.5);
    expect(curveReach((x) => x)).toBe(2);
  });

  const fixed = METHODS.flatMap((method) => {
    const { activations, card } = method;
    if (!activations || activations.form.dynamic) return [];
    const parameters = activations.parameters.parse({});
    const staircase = activations.form.deploy(parameters, start(activations.form.variables?.(parameters)));
    return staircase && staircase.thresholds.length <= 20
      ? [[card.id, { curve: activations.curve, parameters, staircase }] as const]
      : [];
  });

  it.each(fixed)('%s: jumps where its deployed staircase has its thresholds', (_id, method) => {
    const { curve, parameters, staircase } = method;
    const value = (x: number) => curve.value(x, parameters);
    const reach = curveReach(value);
    const { jumps } = sampleCurve(value, -reach, reach);
    expect(jumps).toHaveLength(staircase.thresholds.length);
    jumps.forEach((jump, i) => {
      expect(jump.x).toBeCloseTo(staircase.thresholds[i] ?? NaN, 6);
    });
  });
});

function start(specs: readonly VariableSpec[] = []): Record<string, Float32Array> {
  return Object.fromEntries(
    specs.map(({ name, shape, initial }) => [
      name,
      new Float32Array(shape.reduce((p, n) => p * n, 1)).fill(
        initial.kind === 'constant' ? initial.value : 0,
      ),
    ]),
  );
}
