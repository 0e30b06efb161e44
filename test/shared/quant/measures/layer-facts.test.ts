import { describe, expect, it } from 'vitest';
import { codeThresholds } from '#shared/quant/measures/code-thresholds.ts';
import { codeShares, scalesOf, spreadOf } from '#shared/quant/measures/scales.ts';

/** A dense kernel [4 inputs, 2 units], row-major: the units take turns. */
const SHAPE = { shape: [4, 2], filters: 2, fanIn: 4, filterAxis: 1 };

describe('thresholds that weights show', () => {
  it('lie midway between the neighbours, in each filter by itself', () => {
    //             unit 0: −0.9 −0.2 0.3 0.8     unit 1: −2 −1 1 2
    const latent = [-0.9, -2, -0.2, -1, 0.3, 1, 0.8, 2];
    const codes = [-1, -1, 0, 0, 0, 0, 1, 1];
    const [zero, one, ...rest] = codeThresholds(latent, codes, SHAPE);
    expect(rest).toEqual([]);
    expect(zero).toMatchObject({ code: 0, low: -1.5, high: -0.55 });
    expect(zero?.mean).toBeCloseTo(-1.025, 12);
    expect(one).toMatchObject({ code: 1, low: 0.55, high: 1.5 });
  });

  it('of a sign is between the largest negative and the smallest positive weight', () => {
    const latent = [-0.5, 0.1, -0.1, 0.3, 0.3, -0.3, 0.9, -0.9];
    const codes = latent.map((w) => (w >= 0 ? 1 : -1));
    expect(codeThresholds(latent, codes, SHAPE)).toEqual([
      { code: 1, low: expect.closeTo(-0.1, 12), mean: expect.closeTo(0, 12), high: expect.closeTo(0.1, 12) },
    ]);
  });

  it('do not hear pruned weights, whose code is 0 wherever they lie', () => {
    const latent = [-0.9, 0, 5, 0, 0.2, 0, 0.8, 0];
    const codes = [-1, 0, 0, 0, 0, 0, 1, 0];
    const mask = [1, 1, 0, 1, 1, 1, 1, 1];
    const found = codeThresholds(latent, codes, SHAPE, mask);
    expect(found.map(({ code, mean }) => [code, Number(mean.toFixed(6))])).toEqual([
      [0, -0.35],
      [1, 0.5],
    ]);
    // With it, the codes 0 and 1 overlap: there is no threshold between them.
    expect(codeThresholds(latent, codes, SHAPE).map(({ code }) => code)).toEqual([0]);
  });

  it('are in no order of the filters where those are not the last axis', () => {
    const depthwise = { shape: [1, 2, 2, 1], filters: 2, fanIn: 2, filterAxis: 2 };
    const found = codeThresholds([-1, -3, 1, 5], [-1, -1, 1, 1], depthwise);
    expect(found).toEqual([{ code: 1, low: 0, mean: 0.5, high: 1 }]);
  });

  it('are none where there are many codes, or one', () => {
    const latent = Array.from({ length: 20 }, (_, i) => i);
    const shape = { shape: [20, 1], filters: 1, fanIn: 20, filterAxis: 1 };
    expect(codeThresholds(latent, latent, shape)).toEqual([]);
    expect(codeThresholds(latent, new Array(20).fill(1), shape)).toEqual([]);
  });
});

describe('scales and shares', () => {
  it('are told by their ends and their mean', () => {
    expect(spreadOf([3, -1, 4])).toEqual({ low: -1, mean: 2, high: 4 });
    expect(spreadOf([])).toBeNull();
    const level = (scale: number[]) => ({ codes: new Int8Array(), scale: Float32Array.from(scale) });
    expect(scalesOf({ levels: [level([0.5, 1.5]), level([0.25])] })).toEqual([
      { low: 0.5, mean: 1, high: 1.5 },
      { low: 0.25, mean: 0.25, high: 0.25 },
    ]);
    expect(scalesOf({ levels: [], float: new Float32Array(3) })).toEqual([]);
  });

  it('of codes are exact and sum to 1', () => {
    expect(codeShares(Int8Array.of(-1, 0, 1, 1, 0, 0, 0, 1))).toEqual({
      '-1': 1 / 8,
      '0': 4 / 8,
      '1': 3 / 8,
    });
    expect(codeShares(new Int8Array())).toEqual({});
  });
});
