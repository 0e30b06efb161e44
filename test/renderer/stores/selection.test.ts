import { describe, expect, it } from 'vitest';
import {
  EMPTY_SELECTION,
  MAX_SELECTED,
  select,
  toggle,
  toggleBaseline,
  toggleHidden,
} from '#renderer/stores/selection.ts';

describe('the selection of runs', () => {
  it('gives every run a look that it keeps when others leave', () => {
    const three = select(EMPTY_SELECTION, ['a', 'b', 'c']);
    expect([...three.looks]).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
    const two = toggle(three, 'a');
    expect(two.runs).toEqual(['b', 'c']);
    expect(two.looks.get('c')).toBe(2);
  });

  it('gives a new run the lowest look that is free', () => {
    const selection = toggle(toggle(select(EMPTY_SELECTION, ['a', 'b', 'c']), 'b'), 'd');
    expect(selection.looks.get('d')).toBe(1);
    expect(new Set(selection.looks.values()).size).toBe(3);
  });

  it('has a largest size', () => {
    const many = Array.from({ length: MAX_SELECTED + 5 }, (_, i) => `r${i}`);
    expect(select(EMPTY_SELECTION, many).runs).toHaveLength(MAX_SELECTED);
  });

  it('forgets the pin and the eye of a run that leaves', () => {
    const chosen = toggleHidden(toggleBaseline(select(EMPTY_SELECTION, ['a', 'b']), 'a'), 'a');
    expect(chosen).toMatchObject({ baseline: 'a' });
    const left = toggle(chosen, 'a');
    expect(left.baseline).toBeNull();
    expect(left.hidden.size).toBe(0);
  });

  it('pins and unpins, hides and shows', () => {
    const two = select(EMPTY_SELECTION, ['a', 'b']);
    expect(toggleBaseline(toggleBaseline(two, 'b'), 'b').baseline).toBeNull();
    expect(toggleHidden(toggleHidden(two, 'b'), 'b').hidden.size).toBe(0);
  });
});
