import { describe, expect, it } from 'vitest';
import { BitsmithError } from '#shared/base/errors.ts';
import { evaluationBatch } from '#shared/train/measure.ts';
import { explained } from '#main/jobs/training/explained.ts';

describe('an error of a job', () => {
  it.each([
    Object.assign(new Error('memory access out of bounds'), { name: 'RuntimeError' }),
    new RangeError('Array buffer allocation failed'),
  ])('that means want of memory says what to do: %s', (error) => {
    const told = explained(error);
    expect(told).toBeInstanceOf(BitsmithError);
    expect(String(told)).toContain(error.message);
    expect(String(told)).toMatch(/want of memory; lower "training.batchSize"/);
  });

  it.each([new RangeError('no variable conv1'), new BitsmithError('corrupt', 'broken'), new Error('other')])(
    'of another kind stays as it is: %s',
    (error) => expect(explained(error)).toBe(error),
  );
});

describe('the samples that are evaluated at once', () => {
  it.each([
    [20, [28, 28, 1], 100],
    [500, [28, 28, 1], 500],
    [2, [224, 224, 3], 3],
    [256, [224, 224, 3], 256],
  ])('trained %d at a time, of shape %j: %d', (trained, shape, expected) => {
    expect(evaluationBatch(trained, shape)).toBe(expected);
  });
});
