import { describe, expect, it } from 'vitest';
import { change, MERGE_MILLISECONDS, redo, startHistory, undo } from '#renderer/stores/draft/history.ts';

const typed = (times: number[], merge: string | null = 'name') =>
  times.reduce((history, at, i) => change(history, `step ${i}`, i + 1, { merge, at }), startHistory(0));

describe('the history of a draft', () => {
  it('goes back and forth without limit', () => {
    let history = typed(
      Array.from({ length: 500 }, (_, i) => i * 10_000),
      null,
    );
    for (let i = 0; i < 500; i++) history = undo(history);
    expect(history).toMatchObject({ present: 0, past: [] });
    expect(undo(history)).toEqual(history);
    for (let i = 0; i < 500; i++) history = redo(history);
    expect(history).toMatchObject({ present: 500, future: [] });
    expect(redo(history)).toEqual(history);
  });
  it('joins what follows at once in the same field', () => {
    const history = typed([0, 400, 800]);
    expect(history.past.map(({ title }) => title)).toEqual(['step 0']);
    expect(undo(history).present).toBe(0);
  });
  it('does not join another field, or what comes later', () => {
    expect(typed([0, MERGE_MILLISECONDS]).past).toHaveLength(2);
    const other = change(typed([0]), 'other', 9, { merge: 'seed', at: 1 });
    expect(other.past.map(({ title }) => title)).toEqual(['step 0', 'other']);
  });
  it('names what each step would undo and redo', () => {
    const back = undo(typed([0, 1e6, 2e6]));
    expect([back.past.at(-1)?.title, back.future.at(-1)?.title]).toEqual(['step 1', 'step 2']);
  });
  it('forgets what was undone once something else is done', () => {
    const changed = change(undo(typed([0, 1e6])), 'new', 7, { at: 3e6 });
    expect(changed).toMatchObject({ present: 7, future: [] });
    expect(undo(changed).present).toBe(1);
  });
  it('does not join a change with one that was brought back by redo', () => {
    const again = redo(undo(typed([0])));
    expect(change(again, 'more', 8, { merge: 'name', at: 10 }).past).toHaveLength(2);
  });
});
