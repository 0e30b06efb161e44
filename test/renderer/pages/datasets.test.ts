import { describe, expect, it } from 'vitest';
import type { IntegrityReport } from '#shared/dataset/integrity.ts';
import { splitDataset } from '#shared/dataset/split.ts';
import { checkChoice, FIRST_DRAFT, splitRows } from '#renderer/pages/dataset/choice-draft.ts';
import { classBalance } from '#renderer/pages/dataset/class-balance.ts';
import { drawText } from '#renderer/pages/dataset/draw-text.ts';
import { findingsOf } from '#renderer/pages/dataset/integrity-findings.ts';

describe('classBalance', () => {
  const classes = ['cat', 'dog', 'owl'];
  it('measures how even the classes are', () => {
    const { rows, ratio, empty, majority } = classBalance({
      classes,
      classCounts: { train: [60, 30, 10], test: [5, 10, 5] },
    });
    expect(ratio).toBe(6);
    expect(empty).toEqual([]);
    expect(majority).toBe(0.5);
    expect(rows[1]).toEqual({
      label: 1,
      name: 'dog',
      train: 30,
      test: 10,
      trainShare: 0.3,
      testShare: 0.5,
      trainBar: 0.5,
      testBar: 1,
    });
  });
  it('names the classes that are empty in a part', () => {
    const { ratio, empty } = classBalance({ classes, classCounts: { train: [4, 0, 1], test: [1, 1, 0] } });
    expect(ratio).toBe(Infinity);
    expect(empty).toEqual(['dog', 'owl']);
  });
});

describe('checkChoice', () => {
  it('takes what a run would take', () => {
    const { checked, problems } = checkChoice('mnist', { ...FIRST_DRAFT, limit: 500, flip: true });
    expect(problems.size).toBe(0);
    expect(checked).toEqual({
      seed: 1,
      choice: {
        name: 'mnist',
        validation: 0.1,
        normalization: 'centered',
        augmentation: { pad: 2, flip: true },
        limit: { train: 500 },
      },
    });
  });
  it.each([
    ['validation', { validation: 0.6 }],
    ['validation', { validation: 'half' }],
    ['seed', { seed: -1 }],
    ['seed', { seed: 1.5 }],
    ['augmentation.pad', { pad: 17 }],
    ['limit.train', { limit: 0 }],
  ])('refuses a wrong %s and says so at its field (%o)', (field, change) => {
    const { checked, problems } = checkChoice('mnist', { ...FIRST_DRAFT, ...change });
    expect(checked).toBeNull();
    expect([...problems.keys()]).toEqual([field]);
  });
});

describe('splitRows', () => {
  it('counts each class in both parts; together they are all that is used', () => {
    const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 4);
    const split = splitDataset({ train: 100, test: 1 }, { validation: 0.2 }, 3);
    const rows = splitRows(labels, split, ['a', 'b', 'c', 'd']);
    expect(rows.map(({ train, validation }) => train + validation)).toEqual([25, 25, 25, 25]);
    expect(rows.reduce((sum, row) => sum + row.validation, 0)).toBe(20);
  });
});

describe('drawText', () => {
  it.each([
    [{ top: 2, left: 2, flip: false }, 'in place'],
    [{ top: 0, left: 4, flip: false }, '2 down 2 left'],
    [{ top: 3, left: 2, flip: false }, '1 up'],
    [{ top: 2, left: 4, flip: true }, '2 right, mirrored'],
  ])('%o: %s', (draw, text) => {
    expect(drawText(draw, { pad: 2, flip: true })).toBe(text);
  });
});

describe('findingsOf', () => {
  const clean: IntegrityReport = {
    dataset: 'x',
    checksum: { expected: 'a', found: 'a' },
    samples: { train: 60, test: 10 },
    duplicates: { train: 0, test: 0, across: 0, conflicting: 0, total: 0, groups: [] },
    constant: { count: 0, samples: [] },
    outOfRange: { count: 0, samples: [] },
    unusual: { agreement: 0.97, references: 8000, count: 0, samples: [] },
    unreadable: { count: 0, files: [] },
    checkedAt: '',
  };
  const bad = (report: IntegrityReport) =>
    findingsOf(report).flatMap(({ id, level }) => (level === 'good' ? [] : [`${id} ${level}`]));
  it('is all good for a clean set', () => expect(bad(clean)).toEqual([]));
  it('says what spoils a measurement, and what is only worth knowing', () => {
    const duplicates = { ...clean.duplicates, train: 3, across: 2, conflicting: 1 };
    expect(bad({ ...clean, duplicates })).toEqual(['conflicting bad', 'across bad', 'train note']);
    expect(findingsOf({ ...clean, duplicates }).find(({ id }) => id === 'across')?.text).toBe(
      '2 of 10 test samples: they measure memory',
    );
  });
  it('sees bytes that changed', () => {
    expect(bad({ ...clean, checksum: { expected: 'a', found: 'b' } })).toEqual(['checksum bad']);
  });
});
