import { describe, expect, it } from 'vitest';
import {
  IntegrityReportSchema,
  IntegrityScan,
  LISTED_GROUPS,
  LISTED_IN_GROUP,
} from '#shared/dataset/integrity.ts';

const any = new Uint8Array([1, 2]);
/** Each sample as `label:image`; equal letters are equal images. */
function scan(train: string[], test: string[], classes = 3) {
  const scan = new IntegrityScan(classes);
  for (const [split, samples] of [
    ['train', train],
    ['test', test],
  ] as const) {
    for (const sample of samples) {
      const [label, image = ''] = sample.split(':');
      scan.add(split, Number(label), any, image);
    }
  }
  return scan.result();
}

describe('IntegrityScan', () => {
  it('finds nothing in a set of different samples', () => {
    const { samples, duplicates, constant, outOfRange } = scan(['0:a', '1:b', '2:c'], ['0:d']);
    expect(samples).toEqual({ train: 3, test: 1 });
    expect(duplicates).toEqual({ train: 0, test: 0, across: 0, conflicting: 0, total: 0, groups: [] });
    expect([constant.count, outOfRange.count]).toEqual([0, 0]);
  });

  it('counts repeats within each part and test samples that are trained on, each by itself', () => {
    const { duplicates } = scan(['0:a', '0:a', '0:a', '1:b', '1:c'], ['1:b', '1:b', '2:d', '2:d']);
    // a: two repeats in training; b: one repeat in test, two test samples across; d: one repeat in test
    expect(duplicates).toMatchObject({ train: 2, test: 2, across: 2, conflicting: 0, total: 3 });
    expect(duplicates.groups[0]).toEqual({
      size: 3,
      samples: [
        { split: 'train', index: 3, label: 1 },
        { split: 'test', index: 0, label: 1 },
        { split: 'test', index: 1, label: 1 },
      ],
    });
  });

  it('puts equal images with different labels first', () => {
    const { duplicates } = scan(['0:a', '0:a', '1:b', '2:b'], []);
    expect(duplicates.conflicting).toBe(1);
    expect(duplicates.groups[0]?.samples.map(({ label }) => label)).toEqual([1, 2]);
  });

  it('shows of a large group what makes it grave, though it lists only the first', () => {
    const many = Array.from({ length: 50 }, () => '0:a');
    const { duplicates } = scan(many, ['0:a']);
    const [group] = duplicates.groups;
    expect(group?.size).toBe(51);
    expect(group?.samples).toHaveLength(LISTED_IN_GROUP);
    expect(group?.samples.at(-1)).toEqual({ split: 'test', index: 0, label: 0 });
  });

  it('counts all groups and lists the first', () => {
    const pairs = Array.from({ length: 2 * (LISTED_GROUPS + 7) }, (_, i) => `0:${Math.floor(i / 2)}`);
    const { duplicates } = scan(pairs, []);
    expect(duplicates).toMatchObject({ total: LISTED_GROUPS + 7, train: LISTED_GROUPS + 7 });
    expect(duplicates.groups).toHaveLength(LISTED_GROUPS);
  });

  it('finds images of a single value and labels without a class', () => {
    const scan = new IntegrityScan(2);
    scan.add('train', 0, new Uint8Array([7, 7, 7]), 'a');
    scan.add('train', 1, new Uint8Array([7, 7, 8]), 'b');
    scan.add('test', 2, new Uint8Array([0, 1, 0]), 'c');
    const result = scan.result();
    expect(result.constant).toEqual({ count: 1, samples: [{ split: 'train', index: 0, label: 0 }] });
    expect(result.outOfRange).toEqual({ count: 1, samples: [{ split: 'test', index: 0, label: 2 }] });
    const checksum = { expected: 'a', found: 'a' };
    const report = {
      dataset: 'x',
      checksum,
      checkedAt: '',
      unreadable: { count: 0, files: [] },
      unusual: null,
      ...result,
    };
    expect(IntegrityReportSchema.parse(report)).toEqual(report);
  });
});
