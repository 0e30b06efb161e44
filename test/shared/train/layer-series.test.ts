import { describe, expect, it } from 'vitest';
import { parseRunConfig, resolveRun } from '#shared/run/config.ts';
import { LayerDiagnostics } from '#shared/train/diagnostics.ts';

const INFO = {
  name: 'tiny',
  shape: [1, 1, 4] as const,
  classes: ['a', 'b'],
  mean: [0, 0, 0, 0],
  standardDeviation: [1, 1, 1, 1],
};

/** A network of two dense layers with a ternary activation between them. */
function network(weights: Record<string, unknown>) {
  const config = parseRunConfig({
    dataset: { name: 'tiny' },
    model: {
      version: 1,
      name: 'tiny',
      input: { shape: [1, 1, 4] },
      layers: [
        { id: 'flat', kind: 'flatten' },
        { id: 'first', kind: 'dense', units: 2 },
        { id: 'act', kind: 'activation' },
        { id: 'last', kind: 'dense', units: 2, weights: { method: 'full-precision' } },
      ],
    },
    quantization: { weights, activations: { method: 'gxnor' } },
    training: { epochs: 1 },
  });
  return new LayerDiagnostics(resolveRun(config, INFO));
}

/** [4 inputs, 2 units], row-major: mean |W| is 1, so TWN's Δ is 0.7. */
const KERNEL = Float32Array.of(-2, 2, -0.5, 0.5, 0.6, -0.4, 1.25, 0.75);
const LAST = Float32Array.of(1, 2, 3, 4);
const at = { epoch: 3, step: 30 };

describe('what is recorded of a layer', () => {
  it('is what its weights are, by closed forms: ternary', () => {
    const { series, histograms } = network({ method: 'twn' }).measure(
      { 'first/kernel': KERNEL, 'last/kernel': LAST },
      at,
    );
    // Codes −1 +1 0 0 0 0 +1 +1.
    expect(series['layer/first/zero-fraction']).toBe(4 / 8);
    expect(series['layer/first/scale']).toBe((2 + 2 + 1.25 + 0.75) / 4);
    expect(series['layer/first/scale-low']).toBeUndefined();
    // Unit 0: −2 | −0.5, 0.6 | 1.25; unit 1 has no −1: −0.4, 0.5 | 0.75.
    expect(series['layer/first/threshold/0']).toBe(-1.25);
    expect(series['layer/first/threshold/1']).toBeCloseTo(((0.6 + 1.25) / 2 + (0.5 + 0.75) / 2) / 2, 6);
    const [first, last] = histograms;
    expect(first).toMatchObject({
      ...at,
      layer: 'first',
      codes: { '-1': 1 / 8, '0': 4 / 8, '1': 3 / 8 },
      scales: [{ low: 1.5, mean: 1.5, high: 1.5 }],
    });
    expect(first?.counts.reduce((a, b) => a + b, 0)).toBe(8);
    expect(first?.edges[0]).toBe(-2);
    // Left in floating point: a histogram and nothing else.
    expect(last).toMatchObject({ layer: 'last', codes: {} });
    expect(last).not.toHaveProperty('scales');
    expect(Object.keys(series).filter((name) => name.startsWith('layer/last/'))).toEqual([]);
  });

  it('has a scale of each filter told by its ends', () => {
    const { series } = network({ method: 'twn', granularity: 'filter' }).measure(
      { 'first/kernel': KERNEL, 'last/kernel': LAST },
      at,
    );
    // Unit 0: mean |W| 1.0875, kept 2 and 1.25; unit 1: 0.9125, kept 2 and 0.75.
    expect(series['layer/first/scale-low']).toBeCloseTo(1.375, 6);
    expect(series['layer/first/scale-high']).toBeCloseTo(1.625, 6);
    expect(series['layer/first/scale']).toBeCloseTo(1.5, 6);
  });

  it('has the thresholds of activations', () => {
    const { series } = network({ method: 'bnn' }).measure(
      { 'first/kernel': KERNEL, 'last/kernel': LAST },
      at,
    );
    expect(series['layer/act/threshold/0']).toBe(-0.5);
    expect(series['layer/act/threshold/1']).toBe(0.5);
    expect(series['layer/act/scale']).toBe(1);
    // A sign has one threshold: midway between −0.5 and 0.6, and between −0.4 and 0.5.
    expect(series['layer/first/threshold/1']).toBeCloseTo(0.05, 6);
  });

  it('has every level of weights with several', () => {
    const { series, histograms } = network({ method: 'abc-net' }).measure(
      { 'first/kernel': KERNEL, 'last/kernel': LAST },
      at,
    );
    const { scales = [], more = [], codes } = histograms[0] ?? {};
    expect(scales.length).toBeGreaterThan(1);
    expect(more).toHaveLength(scales.length - 1);
    for (const shares of [codes ?? {}, ...more]) {
      expect(Object.keys(shares).toSorted()).toEqual(['-1', '1']);
      expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBe(1);
    }
    scales.slice(1).forEach(({ mean }, i) => expect(series[`layer/first/scale/${i + 2}`]).toBe(mean));
    expect(Object.keys(series).filter((name) => name.includes('first/threshold'))).toEqual([]);
  });

  it('counts flips against what was remembered', () => {
    const diagnostics = network({ method: 'twn' });
    const values = { 'first/kernel': KERNEL, 'last/kernel': LAST };
    diagnostics.remember(values);
    const moved = KERNEL.map((w, i) => (i === 0 ? -w : w));
    const { series } = diagnostics.measure({ ...values, 'first/kernel': moved }, at);
    expect(series['layer/first/flip-ratio']).toBe(1 / 8);
    expect(
      diagnostics.measure({ ...values, 'first/kernel': moved }, at).series['layer/first/flip-ratio'],
    ).toBe(0);
  });
});
