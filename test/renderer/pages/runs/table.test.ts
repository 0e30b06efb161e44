import { describe, expect, it } from 'vitest';
import { MOST_TAGS } from '#shared/run/tags.ts';
import { toggledColumn, moved } from '#renderer/pages/runs/column-order.ts';
import { columnOf } from '#renderer/pages/runs/columns.ts';
import { editText, readEdit } from '#renderer/pages/runs/editable.ts';
import { runTable } from '#renderer/pages/runs/run-export.ts';
import { sortedBy } from '#renderer/pages/runs/sorting.ts';
import { queryOf, stateOfQuery } from '#renderer/pages/runs/table-query.ts';
import { DEFAULT_STATE, MOST_COLUMNS } from '#renderer/stores/table-state.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const run = { ...fakeRun(1).summary, name: 'a run', tags: ['paper', 'm4'], notes: 'n' };
const key = (text: string) => ({ field: text.replace('-', ''), descending: text.startsWith('-') });

describe('sorting by a head', () => {
  it.each([
    ['-created', 'accuracy', false, true, '-accuracy'],
    ['-accuracy', 'accuracy', false, true, 'accuracy'],
    ['name', 'name', false, false, '-name'],
    ['dataset,-accuracy', 'accuracy', false, true, '-accuracy'],
    ['dataset', 'accuracy', true, true, 'dataset,-accuracy'],
    ['dataset,-accuracy', 'accuracy', true, true, 'dataset,accuracy'],
    ['dataset,accuracy', 'accuracy', true, true, 'dataset'],
    ['dataset', 'dataset', true, false, '-dataset'],
    ['-dataset', 'dataset', true, false, 'dataset'],
  ])('%s, then %s (with Shift: %s), gives %s', (before, field, add, first, after) => {
    const next = sortedBy(before.split(',').map(key), field, { add, first });
    expect(next).toEqual(after.split(',').map(key));
  });
});

describe('columns', () => {
  it('are moved, shown and hidden; one always stays', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, -5)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b'], 7, 0)).toEqual(['a', 'b']);
    expect(toggledColumn(['a'], 'a')).toEqual(['a']);
    expect(toggledColumn(['a', 'b'], 'a')).toEqual(['b']);
    expect(toggledColumn(['a'], 'b')).toEqual(['a', 'b']);
    const full = Array.from({ length: MOST_COLUMNS }, (_, i) => `c${i}`);
    expect(toggledColumn(full, 'b')).toEqual(full);
  });

  it('show values as people read them, and unknown ones as a dash', () => {
    const text = (name: string, over = {}) => columnOf(name)?.text({ ...run, ...over }, 0);
    expect(text('accuracy', { accuracy: 0.98734 })).toBe('98.73 %');
    expect(text('method', { weightMethods: ['twn'], activationMethods: [] })).toBe('twn / –');
    expect(text('seconds', { startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T00:02:05Z' })).toBe(
      '2 min 05 s',
    );
    expect(text('seconds', { endedAt: null })).toBe('–');
    expect(text('parent', { parent: null })).toBe('–');
    expect(columnOf('config.x', () => '[1,2]')?.text(run, 0)).toBe('[1,2]');
    expect(columnOf('config.x')?.text(run, 0)).toBe('–');
    expect(columnOf('metric.train/loss', () => 0.12345)).toMatchObject({
      title: 'train/loss',
      numeric: true,
    });
    expect(columnOf('nothing')).toBeUndefined();
    expect(columnOf('name', undefined, 99)?.width).toBe(99);
  });

  it('are saved as exact values after the id', () => {
    const columns = ['name', 'id', 'tag', 'accuracy', 'config.flag'].flatMap(
      (name) => columnOf(name, () => true) ?? [],
    );
    expect(runTable([{ ...run, accuracy: 0.987654321 }], columns)).toEqual({
      columns: ['id', 'name', 'tag', 'accuracy', 'config.flag'],
      rows: [[run.id, 'a run', 'paper m4', 0.987654321, 'true']],
    });
  });
});

describe('writing in place', () => {
  it.each([
    ['name', 'a run', null],
    ['name', ' new ', { name: 'new' }],
    ['name', '  ', 'A run needs a name.'],
    ['name', 'x'.repeat(201), 'A name has at most 200 characters.'],
    ['tag', 'paper, m4', null],
    ['tag', ' paper,, paper ,new', { tags: ['paper', 'new'] }],
    ['tag', '', { tags: [] }],
    ['tag', 'x'.repeat(51), expect.stringContaining('A tag has at most 50 characters')],
    ['tag', Array.from({ length: MOST_TAGS + 1 }, (_, i) => i).join(','), 'A run has at most 50 tags.'],
    ['notes', 'two\nlines', { notes: 'two\nlines' }],
    ['notes', '', { notes: '' }],
  ] as const)('%s %j', (field, text, expected) => expect(readEdit(run, field, text)).toEqual(expected));

  it('begins with what is there', () => {
    expect((['name', 'tag', 'notes'] as const).map((field) => editText(run, field))).toEqual([
      'a run',
      'paper, m4',
      'n',
    ]);
  });
});

describe('the address of the table', () => {
  it('names what is not as usual, and is read again', () => {
    expect(queryOf(DEFAULT_STATE)).toEqual({ filter: undefined, sort: undefined, archived: undefined });
    const state = {
      ...DEFAULT_STATE,
      filter: ' tag:paper ',
      sorting: [key('-accuracy'), key('name')],
      archived: 'only' as const,
    };
    const query = queryOf(state);
    expect(query).toEqual({ filter: 'tag:paper', sort: '-accuracy,name', archived: 'only' });
    expect(stateOfQuery(query as Record<string, string>)).toEqual({
      filter: 'tag:paper',
      sorting: state.sorting,
      archived: 'only',
    });
  });

  it('ignores what makes no sense', () => {
    expect(stateOfQuery({ filter: ['a', 'b'], sort: 'nothing', archived: 'maybe', tab: 'x' })).toEqual({});
  });
});
