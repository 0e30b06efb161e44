import { describe, expect, it } from 'vitest';
import { planBands, planCharts } from '#renderer/components/plan/plan-charts.ts';
import { sampleCurve } from '#renderer/components/plan/sample-curve.ts';
import { parseRunConfig } from '#shared/run/config.ts';
import { planAt, sparsityAt } from '#shared/train/moment.ts';

const planOf = (training: object) =>
  parseRunConfig({ dataset: { name: 'mnist' }, model: { preset: 'lenet5' }, training }).training;

describe('sampleCurve', () => {
  it('spans the whole axis in ascending order', () => {
    const { x } = sampleCurve(Math.sin, 0, 10);
    expect([x[0], x.at(-1)]).toEqual([0, 10]);
    expect(x.every((at, i) => i === 0 || at > (x[i - 1] ?? 0))).toBe(true);
  });
  it('draws a jump upright: no point lies between its two heights, and its place is exact', () => {
    const { x, y } = sampleCurve((at) => (at < Math.PI ? 1 : 5), 0, 10);
    expect(new Set(y)).toEqual(new Set([1, 5]));
    const after = y.indexOf(5);
    expect((x[after] ?? 0) - (x[after - 1] ?? 0)).toBeLessThan(1e-5);
    expect(x[after]).toBeCloseTo(Math.PI, 5);
  });
  it('needs no more than the even samples for a line', () => {
    expect(sampleCurve((at) => 2 * at, 0, 1).x.length).toBe(241);
    expect(sampleCurve(() => 3, 0, 1).x.length).toBe(241);
  });
  it('follows a steep curve to within a fiftieth of its range', () => {
    const { y } = sampleCurve((at) => Math.exp(-50 * at), 0, 1);
    for (let i = 1; i < y.length; i++)
      expect(Math.abs((y[i] ?? 0) - (y[i - 1] ?? 0))).toBeLessThanOrEqual(0.0201);
  });
});

describe('planCharts', () => {
  const plan = planOf({
    epochs: 8,
    learningRate: { kind: 'step', initial: 0.1, epochs: [3, 6], factor: 0.1 },
    weightQuantization: { kind: 'linear', initial: 0, final: 1, begin: 1, end: 5 },
    pruning: {
      sparsity: { kind: 'polynomial', initial: 0, final: 0.8, begin: 2, end: 6 },
      layers: { conv1: 0.25 },
    },
    freeze: { batchNorm: 7 },
  });
  const charts = planCharts(plan, false);

  it('show at each point what the trainer computes there', () => {
    const [rate] = charts.rate.lines;
    for (const [i, epoch] of Array.from(rate?.x ?? []).entries())
      expect(rate?.y[i]).toBe(planAt(plan, epoch).learningRate);
    const layer = charts.shares?.lines.find(({ id }) => id === 'sparsity/conv1');
    expect(layer?.y[10]).toBe(sparsityAt(plan, layer?.x[10] ?? 0, 'conv1'));
    expect(rate?.x.length).toBeGreaterThan(240);
  });
  it('show what the plan changes, and nothing that it does not', () => {
    expect(charts.shares?.lines.map(({ id }) => id)).toEqual(['sparsity', 'sparsity/conv1', 'weights']);
    expect(planCharts(planOf({}), false).shares).toBeNull();
  });
  it('leave room for a regularization above one', () => {
    const strong = planCharts(planOf({ regularization: { kind: 'linear', initial: 0, final: 4 } }), false);
    expect(strong.shares?.y.max).toBe(4);
    expect(charts.shares?.y.max).toBe(1);
  });
  it('say what is frozen', () => {
    expect(charts.freezes).toEqual(['Batch norm keeps its statistics from epoch 7 on.']);
  });
});

describe('planBands', () => {
  it('are the phases, one after the other', () => {
    const phases = [
      { name: 'float', epochs: 2 },
      { name: 'quantized', epochs: 3, freeze: { quantizer: true } },
    ];
    const plan = planOf({ phases });
    expect(planBands(plan)).toEqual([
      { from: 0, to: 2, label: 'float' },
      { from: 2, to: 5, label: 'quantized' },
    ]);
    expect(planCharts(plan, false).freezes).toEqual([
      'Quantizers keep their scales and thresholds in “quantized”.',
    ]);
  });
  it('are the levels of pruning rounds', () => {
    const plan = planOf({ pruning: { rounds: { levels: [0.5, 0.9], epochs: 3 } } });
    expect(planBands(plan)).toEqual([
      { from: 0, to: 3, label: '50 %' },
      { from: 3, to: 6, label: '90 %' },
    ]);
  });
  it('are none where the plan has neither', () => expect(planBands(planOf({}))).toEqual([]));
});
