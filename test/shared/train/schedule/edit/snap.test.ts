import { describe, expect, it } from 'vitest';
import { niceStep, nextValue, snapEpoch, snapValue } from '#shared/train/schedule/edit/snap.ts';

describe('snapping', () => {
  it('goes to whole epochs, within what is allowed', () => {
    expect(snapEpoch(3.4, [0, 10])).toBe(3);
    expect(snapEpoch(12, [0, 10])).toBe(10);
    expect(snapEpoch(2, [3.01, 6.99])).toBe(4);
    expect(snapEpoch(3.5, [3.1, 3.9])).toBe(3.5);
  });
  it('goes to a phase border rather than to the epoch beside it', () => {
    expect(snapEpoch(3.4, [0, 10], [3.9])).toBe(3.9);
    expect(snapEpoch(3.4, [0, 3.5], [3.9])).toBe(3);
  });
  it('goes to 1-2-5 values', () => {
    expect([0.03, 1, 1.5, 3, 7].map(niceStep)).toEqual([0.05, 1, 2, 5, 10]);
    expect(snapValue(0.4367, { log: false, span: 1 })).toBe(0.44);
    expect(snapValue(0.0034, { log: true, span: 1 })).toBe(0.005);
    expect(snapValue(0.0029, { log: true, span: 1 })).toBe(0.002);
  });
  it('moves by keys to the next value of that kind, also from between two', () => {
    const linear = { log: false, span: 1 };
    expect([nextValue(0.5, 1, linear), nextValue(0.51, -1, linear)]).toEqual([0.52, 0.5]);
    expect(nextValue(0.5, 1, linear, 5)).toBe(0.6);
    const log = { log: true, span: 1 };
    expect([nextValue(0.005, 1, log), nextValue(0.005, -1, log), nextValue(0.003, 1, log)]).toEqual([
      0.01, 0.002, 0.005,
    ]);
    expect(nextValue(0.001, 1, log, 3)).toBe(0.01);
  });
});
