import { describe, expect, it } from 'vitest';
import { sinkMaxPool } from '#shared/export/passes/sink-max-pool.ts';
import { flush, loweredText, SMALL_TEXT, throughTrainedPass, withLine } from '#test/support/graph-text.ts';

const NORM = '* [0.5,-1] + [0,0.25]';

/** conv → first pooling → norm that cannot be folded → `rest`, up to the layer `act`. */
const behindPool = (...rest: string[]) =>
  withLine(
    withLine(
      SMALL_TEXT,
      'norm',
      'first: [1,1,2] = max-pool(conv) 1x1 /1,1 pad 0,0,0,0',
      `norm: [1,1,2] = batch-norm(first) ${NORM}`,
    ),
    'act',
    ...rest,
  );
const ACTIVATION = 'activation(pool) ternary y>-0.5 y>=0.5 -> 1 * [-1,0,1]';
const SUNK = behindPool(
  'pool: [1,1,2] = max-pool(norm) 2x2 /1,1 pad 1,1,0,0',
  `act: [1,1,2] = ${ACTIVATION}`,
);

describe('sink-max-pool', () => {
  it('moves a pooling behind the activation where the norm before it falls in a channel', () => {
    expect(throughTrainedPass(sinkMaxPool, SUNK)).toBe(
      behindPool(
        'pool: [1,1,2] = activation(norm) ternary y>-0.5 y>=0.5 -> 1 * [-1,0,1]',
        'act: [1,1,2] = max-pool(pool) 2x2 /1,1 pad 1,1,0,0',
      ),
    );
  });

  it('leaves it where nothing falls, where codes fall, or where somebody else reads it', () => {
    const alone = [
      SUNK.replace(NORM, '* [0.5,0] + [0,0.25]'),
      SUNK.replace('[-1,0,1]', '[1,0,-1]'),
      withLine(
        SUNK,
        'dense',
        'other: [2] = flatten(pool)',
        'dense: [2] = dense(act) 2 filters of 0.5 * [++ -+]',
      ),
    ];
    for (const text of alone) expect(throughTrainedPass(sinkMaxPool, text)).toBe(text);
  });
});

describe('max-pooling and a negative factor', () => {
  it('between convolution and norm turns the codes of its channel around', () => {
    const text = withLine(
      SMALL_TEXT,
      'norm',
      'pool: [1,1,2] = max-pool(conv) 1x1 /1,1 pad 0,0,0,0',
      `norm: [1,1,2] = batch-norm(pool) ${NORM}`,
    );
    expect(loweredText(text)).toBe(
      flush(`
        two: input u8[2,2,1] zero [10]
        conv: i32[1,1,2] in [-500,500] = conv2d(input) 2x2 /1,1 pad 0,0,0,0 dilated 1,1 2 filters of [+0-+ -+0-]
        pool: i32[1,1,2] in [-500,500] = max-pool(conv) 1x1 /1,1 pad 0,0,0,0
        act: i8[1,1,2] in [-1,1] = threshold(pool) x>=[-31,0] x>=[57,88] -> [-1,0,1]
        dense: i32[2] in [-2,2] = dense(act) 2 filters of [+- --]
        logits: i32[2] in [-1073741824,1073741824] = affine(dense) * [536870912,536870912] + [0,0] exponent 30
        output logits 2 classes
      `),
    );
  });

  it('is refused where no activation follows at once', () => {
    const text = behindPool(
      'pool: [1,1,2] = max-pool(norm) 1x1 /1,1 pad 0,0,0,0',
      `again: [1,1,2] = batch-norm(pool) ${NORM}`,
      'act: [1,1,2] = activation(again) ternary y>-0.5 y>=0.5 -> 1 * [-1,0,1]',
    );
    expect(() => loweredText(text)).toThrow(/layer pool cannot be lowered.*negative factor in channel 1/);
  });
});
