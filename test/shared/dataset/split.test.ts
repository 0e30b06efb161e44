import { describe, expect, it } from 'vitest';
import { epochOrder, splitDataset } from '#shared/dataset/split.ts';

const ascending = (indices: Uint32Array) => indices.every((value, i) => i === 0 || value > indices[i - 1]!);

describe('the split', () => {
  it('divides all training samples exactly, without overlap', () => {
    const { train, validation, test } = splitDataset({ train: 1003, test: 50 }, { validation: 0.1 }, 7);
    expect([train.length, validation.length, test.length]).toEqual([903, 100, 50]);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1003 }, (_, i) => i),
    );
    expect(ascending(train) && ascending(validation) && ascending(test)).toBe(true);
  });

  it('depends on the seed alone', () => {
    const split = (seed: number) => splitDataset({ train: 500, test: 10 }, { validation: 0.2 }, seed);
    expect(split(3)).toEqual(split(3));
    expect(split(3).validation).not.toEqual(split(4).validation);
    expect(split(2 ** 33 + 3).validation).not.toEqual(split(3).validation);
  });

  it('draws the validation samples evenly', () => {
    const hits = new Uint32Array(100);
    for (let seed = 0; seed < 1000; seed++) {
      for (const i of splitDataset({ train: 100, test: 1 }, { validation: 0.5 }, seed).validation) hits[i]!++;
    }
    // 1000 draws at one half: σ ≈ 16; six of them on either side.
    expect(Math.min(...hits)).toBeGreaterThan(400);
    expect(Math.max(...hits)).toBeLessThan(600);
  });

  it('can leave validation out, and always leaves something to train on', () => {
    expect(splitDataset({ train: 9, test: 1 }, { validation: 0 }, 1).validation).toHaveLength(0);
    expect(splitDataset({ train: 1, test: 1 }, { validation: 0.5 }, 1).train).toHaveLength(1);
  });

  it('limits to the same samples whatever the seed', () => {
    const limited = (seed: number) =>
      splitDataset({ train: 1000, test: 400 }, { validation: 0.25, limit: { train: 100, test: 30 } }, seed);
    const all = (seed: number) => [...limited(seed).train, ...limited(seed).validation].sort((a, b) => a - b);
    expect([limited(1).train.length, limited(1).validation.length, limited(1).test.length]).toEqual([
      75, 25, 30,
    ]);
    expect(all(1)).toEqual(all(2));
    expect(limited(1).test).toEqual(limited(2).test);
    expect(limited(1).validation).not.toEqual(limited(2).validation);
    // Not simply the first ones: an imported set may be sorted by class.
    expect(Math.max(...limited(1).test)).toBeGreaterThan(100);
  });

  it('takes everything when the limit is larger than the set', () => {
    const { train, validation, test } = splitDataset(
      { train: 10, test: 4 },
      { validation: 0.1, limit: { train: 99, test: 99 } },
      1,
    );
    expect([train.length + validation.length, test.length]).toEqual([10, 4]);
  });
});

describe('the order of an epoch', () => {
  it('is a permutation that (seed, epoch) alone decides', () => {
    expect([...epochOrder(5, 3, 100)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
    expect(epochOrder(5, 3, 100)).toEqual(epochOrder(5, 3, 100));
    expect(epochOrder(5, 3, 100)).not.toEqual(epochOrder(5, 4, 100));
    expect(epochOrder(5, 3, 100)).not.toEqual(epochOrder(6, 3, 100));
  });

  it('stays what it was: old runs must resume', () => {
    expect([...epochOrder(1, 0, 8)]).toEqual([2, 5, 3, 7, 4, 0, 6, 1]);
    expect([...splitDataset({ train: 20, test: 1 }, { validation: 0.2 }, 1).validation]).toEqual([
      1, 3, 9, 18,
    ]);
  });
});
