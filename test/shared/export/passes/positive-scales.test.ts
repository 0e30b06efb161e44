import { describe, expect, it } from 'vitest';
import { positiveScales } from '#shared/export/passes/positive-scales.ts';
import { SMALL_TEXT, throughTrainedPass, withLine } from '#test/support/graph-text.ts';

const conv = (weights: string) =>
  withLine(
    withLine(SMALL_TEXT, 'dense', 'dense: [2] = dense(act) 2 filters of [0.5,0.5] * [++ -+]'),
    'conv',
    `conv: [1,1,2] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of ${weights}`,
  );

describe('positive-scales', () => {
  it('moves the sign of a scale into the codes of its filter', () => {
    expect(throughTrainedPass(positiveScales, conv('[0.5,-0.25] * [+0-+ -+0-]'))).toBe(
      conv('[0.5,0.25] * [+0-+ +-0+]'),
    );
  });

  it('does so level by level, and for one scale of all filters', () => {
    expect(
      throughTrainedPass(positiveScales, conv('-0.1 * [1,0,-2,3; 4,5,0,-6] + [0.5,-0.25] * [+0-+ -+0-]')),
    ).toBe(conv('[0.1,0.1] * [-1,0,2,-3; -4,-5,0,6] + [0.5,0.25] * [+0-+ +-0+]'));
  });
});
