import { describe, expect, it } from 'vitest';
import { sortClasses } from '#shared/dataset/class-names.ts';
import { guessDelimiter } from '#shared/dataset/delimiter.ts';
import { holdOut } from '#shared/dataset/hold-out.ts';
import { withChannels } from '#shared/dataset/pictures.ts';

describe('holdOut', () => {
  const labels = Array.from({ length: 130 }, (_, i) => (i < 100 ? 0 : i < 127 ? 1 : i < 129 ? 2 : 3));
  const heldOf = (held: Uint8Array, label: number) =>
    labels.filter((one, i) => one === label && held[i]).length;

  it('takes the share of every class, at least one where it can, and leaves one to train on', () => {
    const held = holdOut(labels, 0.2, 1);
    expect([0, 1, 2, 3].map((label) => heldOf(held, label))).toEqual([20, 5, 1, 0]);
    expect(heldOf(holdOut(labels, 0.9, 1), 2)).toBe(1);
  });

  it('is decided by the seed alone', () => {
    expect(holdOut(labels, 0.2, 7)).toEqual(holdOut(labels, 0.2, 7));
    expect(holdOut(labels, 0.2, 7)).not.toEqual(holdOut(labels, 0.2, 8));
  });
});

describe('sortClasses', () => {
  it('sorts whole numbers by their value and other names by their characters', () => {
    expect(sortClasses(['10', '9', '2', '9'])).toEqual(['2', '9', '10']);
    expect(sortClasses(['walk', 'Run', '10', 'sit'])).toEqual(['10', 'Run', 'sit', 'walk']);
  });
});

describe('guessDelimiter', () => {
  it.each([
    ['a,b,c\n1,2,3\n', 'comma'],
    ['a;b\n1,5;2,5\n', 'semicolon'],
    ['a\tb\n1\t2\n', 'tab'],
    ['"a,x";b;c\n"1,2";2;3\n', 'semicolon'],
    ['1 2 3\n4 5 6\n', 'space'],
    ['one column\nof words here\nonly\n', 'comma'],
    ['a|b\n1|2\n3|', 'pipe'],
  ])('%j: %s', (text, expected) => expect(guessDelimiter(text)).toBe(expected));
});

describe('withChannels', () => {
  it('turns colour to gray by the luma of BT.601 and leaves gray as it is', () => {
    const rgb = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 77, 77, 77);
    expect([...withChannels(rgb, 3, 1)]).toEqual([76, 150, 29, 77]);
    expect([...withChannels(Uint8Array.of(3, 200), 1, 3)]).toEqual([3, 3, 3, 200, 200, 200]);
  });
});
