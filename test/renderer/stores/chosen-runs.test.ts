import { describe, expect, it } from 'vitest';
import { choose, chosenIds, toggleChosen, type Chosen } from '#renderer/stores/chosen-runs.ts';
import { EMPTY_SELECTION, MAX_SELECTED } from '#renderer/stores/selection.ts';

const none: Chosen = { selection: EMPTY_SELECTION, rest: [] };
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `r${i + from}`);

describe('choosing runs', () => {
  it('puts the first ones side by side, and keeps the others', () => {
    const all = choose(none, ids(50));
    expect(all.selection.runs).toEqual(ids(MAX_SELECTED));
    expect(chosenIds(all)).toEqual(ids(50));
  });

  it('leaves those in the comparison that are there, with their looks', () => {
    const two = choose(none, ['x', 'y']);
    const more = choose(two, [...ids(30), 'y']);
    expect(more.selection.runs[0]).toBe('y');
    expect(more.selection.looks.get('y')).toBe(1);
    expect(chosenIds(more)).toHaveLength(31);
  });

  it('moves one up when a place becomes free', () => {
    const all = choose(none, ids(MAX_SELECTED + 2));
    const fewer = toggleChosen(all, 'r3');
    expect(fewer.selection.runs).toContain(`r${MAX_SELECTED}`);
    expect(fewer.rest).toEqual([`r${MAX_SELECTED + 1}`]);
    expect(chosenIds(toggleChosen(fewer, 'r3')).at(-1)).toBe('r3');
  });

  it('can choose nothing', () => {
    expect(chosenIds(choose(choose(none, ids(25)), []))).toEqual([]);
  });
});
