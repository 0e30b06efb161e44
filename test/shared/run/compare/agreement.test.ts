import { describe, expect, it } from 'vitest';
import { RandomStream } from '#shared/base/random.ts';
import { agreementOf, distributionDistance, type LayerWeights } from '#shared/run/compare/agreement.ts';

function layer(
  codes: readonly number[],
  { id = 'conv', scale = [1], shape = [codes.length, 1] } = {},
): LayerWeights {
  return {
    id,
    shape,
    weights: { levels: [{ codes: Int8Array.from(codes), scale: Float32Array.from(scale) }] },
  };
}
function one(a: LayerWeights, b: LayerWeights) {
  const { layers } = agreementOf([a], [b]);
  const [found] = layers;
  if (!found) throw new Error('the layers were not compared');
  return found;
}

describe('agreement of two networks', () => {
  it('counts equal codes, equal signs where neither is zero, and the overlap of zeros', () => {
    //               =  =  ≠ s  ≠ 0  0 0  ≠ 0
    const a = layer([1, -1, 1, 0, 0, -1, 0, 1]);
    const b = layer([1, -1, -1, 1, 0, 0, 0, 1]);
    const found = one(a, b);
    expect(found.codes).toBe(5 / 8);
    expect(found.signs).toBe(3 / 4);
    expect(found.zeros).toBe(2 / 4);
    expect(found.zeroA).toBe(3 / 8);
    expect(found.zeroB).toBe(3 / 8);
    // p(1) = 3/8, p(−1) = 2/8 against q(1) = 3/8, q(−1) = 2/8.
    expect(found.chance.codes).toBeCloseTo((9 + 4 + 9) / 64, 12);
    expect(found.chance.signs).toBeCloseTo((9 + 4) / 25, 12);
    expect(found.chance.zeros).toBeCloseTo(9 / 64 / (6 / 8 - 9 / 64), 12);
  });

  it('is whole for a network and itself, and nothing for its opposite', () => {
    const a = layer([1, -1, 1, -1]);
    const opposite = layer([-1, 1, -1, 1]);
    expect(one(a, a)).toMatchObject({ codes: 1, signs: 1, zeros: null, distance: 0 });
    expect(one(a, opposite)).toMatchObject({ codes: 0, signs: 0, zeros: null, distance: 0 });
    expect(one(layer([0, 0]), layer([0, 0]))).toMatchObject({ codes: 1, signs: null, zeros: 1, distance: 0 });
  });

  it('comes near to what chance gives for independent networks', () => {
    const random = new RandomStream(3, 'agreement');
    const draw = (zeros: number) =>
      layer(
        Array.from({ length: 40_000 }, () =>
          random.nextUniform() < zeros ? 0 : random.nextUniform() < 0.7 ? 1 : -1,
        ),
      );
    const { codes, signs, zeros, chance } = one(draw(0.3), draw(0.6));
    expect(Math.abs((codes ?? 0) - (chance.codes ?? 1))).toBeLessThan(0.015);
    expect(Math.abs((signs ?? 0) - (chance.signs ?? 1))).toBeLessThan(0.015);
    expect(Math.abs((zeros ?? 0) - (chance.zeros ?? 1))).toBeLessThan(0.015);
    expect(chance.signs).toBeCloseTo(0.7 ** 2 + 0.3 ** 2, 1);
  });

  it('compares signs and zeros of any weights, but codes only where they mean the same', () => {
    const ternary = layer([1, 0, -1, 1]);
    expect(one(ternary, layer([1, 1, -1, -1])).codes).toBe(0.5);
    expect(one(ternary, layer([100, 0, -7, -3]))).toMatchObject({ codes: null, signs: 2 / 3, zeros: 1 });
    const float: LayerWeights = {
      id: 'conv',
      shape: [4, 1],
      weights: { levels: [], float: Float32Array.of(0.5, -0.1, -2, 3) },
    };
    expect(one(ternary, float)).toMatchObject({ codes: null, signs: 1, zeros: 0 });
    expect(one(float, float)).toMatchObject({ codes: null, signs: 1, zeros: null, distance: 0 });
  });

  it('adds up the levels of residual methods, each filter by its own scale', () => {
    const residual = (second: number[]): LayerWeights => ({
      id: 'conv',
      shape: [2, 2],
      weights: {
        levels: [
          { codes: Int8Array.of(1, 1, -1, -1), scale: Float32Array.of(1, 0.25) },
          { codes: Int8Array.from(second), scale: Float32Array.of(0.5) },
        ],
      },
    });
    // Values: 1 ± ½ and ¼ ± ½, so that the second filter's sign is the second level's.
    const found = one(residual([1, 1, 1, 1]), residual([1, -1, 1, 1]));
    expect(found.codes).toBe(0.75);
    expect(found.signs).toBe(0.75);
  });

  it('names layers that cannot be compared, and why', () => {
    const { layers, left } = agreementOf(
      [
        layer([1], { id: 'first' }),
        layer([1, 1], { id: 'dense', shape: [1, 2] }),
        layer([1], { id: 'both' }),
      ],
      [layer([1, 1], { id: 'dense', shape: [2, 1] }), layer([1], { id: 'both' }), layer([1], { id: 'new' })],
    );
    expect(layers.map((found) => found.layer)).toEqual(['both']);
    expect(left).toEqual([
      { layer: 'first', reason: 'only the first network has it' },
      {
        layer: 'dense',
        reason: 'its weights have shape [1, 2] in the first network and [2, 1] in the second',
      },
      { layer: 'new', reason: 'only the second network has it' },
    ]);
  });
});

describe('the distance of two distributions', () => {
  it('is 0 for the same form in another order and size', () => {
    expect(distributionDistance([3, 1, -2], [-4, 6, 2])).toBeCloseTo(0, 12);
    expect(distributionDistance([0, 0], [0, 0])).toBe(0);
  });

  it('is how far weights must be moved on average', () => {
    // Binary against ternary with half zeros: root mean squares 1 and √½, levels ±1 and ±√2, 0.
    const distance = distributionDistance([-1, -1, 1, 1], [-1, 0, 0, 1]);
    expect(distance).toBeCloseTo((2 * (Math.SQRT2 - 1) + 2 * 1) / 4, 12);
  });
});
