import { describe, expect, it } from 'vitest';
import {
  DEFAULT_STATE,
  readTableState,
  sameState,
  writeTableState,
  type TableState,
} from '#renderer/stores/table-state.ts';

const state: TableState = {
  filter: 'mnist',
  sorting: [
    { field: 'accuracy', descending: true },
    { field: 'config.seed', descending: false },
  ],
  columns: ['name', 'metric.train/loss', 'config.seed'],
  widths: { name: 300, 'config.seed': 80 },
  archived: 'show',
};

describe('the state of the table', () => {
  it('is kept and read again', () => {
    const kept = JSON.parse(JSON.stringify(writeTableState(state))) as unknown;
    expect(readTableState(kept)).toEqual(state);
    expect(readTableState(JSON.parse(JSON.stringify(writeTableState(DEFAULT_STATE))))).toEqual(DEFAULT_STATE);
  });

  it.each([null, 7, 'text', [], {}])('is as usual where %j was kept', (kept) => {
    expect(readTableState(kept)).toEqual(DEFAULT_STATE);
  });

  it('takes what is right in what was kept', () => {
    const kept = {
      filter: 5,
      sorting: 'nothing,-name',
      columns: ['name', 'name', 'no-such-field', 3],
      widths: { name: 5000, tag: 100, x: 'y' },
      archived: 'perhaps',
    };
    expect(readTableState(kept)).toEqual({
      filter: '',
      sorting: [{ field: 'name', descending: true }],
      columns: ['name'],
      widths: { tag: 100 },
      archived: 'hide',
    });
  });

  it('is the same whatever the order of its widths and the space around its filter', () => {
    expect(sameState(state, { ...state, filter: ' mnist ', widths: { 'config.seed': 80, name: 300 } })).toBe(
      true,
    );
    expect(sameState(state, { ...state, columns: [...state.columns].reverse() })).toBe(false);
    expect(sameState(state, { ...state, archived: 'hide' })).toBe(false);
  });
});
