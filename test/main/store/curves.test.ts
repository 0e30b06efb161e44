import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { MetricPoint } from '#shared/run/record.ts';
import { openStore, type Store } from '#main/store/index.ts';
import { openSql } from '#main/store/sql.ts';
import { columnCache } from '#main/store/tables/column-cache.ts';
import { newRun } from './support/new-run.ts';
import { temporaryDataFolder } from './support/temporary-folder.ts';

let store: Store;
let dataFolder: ReturnType<typeof temporaryDataFolder>;
beforeEach(() => {
  dataFolder = temporaryDataFolder();
  store = openStore({ dataFolder, mode: 'write' });
  onTestFinished(() => store.close());
  store.runs.create(newRun('a'));
});

const points = (from: number, to: number, value = (step: number) => step): MetricPoint[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    series: 'loss',
    step: from + i,
    epoch: (from + i) / 10,
    time: (from + i) * 2,
    value: value(from + i),
  }));
const values = (run = 'a') => Array.from(store.series.columns(run, 'loss').value);

describe('columns that stay in memory', () => {
  it('are what is stored, also after more has come', () => {
    expect(values()).toEqual([]);
    store.series.add('a', points(1, 100));
    expect(values()).toEqual(store.series.read('a')[0]?.value);
    store.series.add('a', points(101, 1000));
    const { step, epoch, time, value } = store.series.columns('a', 'loss');
    const [whole] = store.series.read('a');
    expect([step, epoch, time, value].map((column) => Array.from(column))).toEqual([
      whole?.step,
      whole?.epoch,
      whole?.time,
      whole?.value,
    ]);
  });

  it('forget a lost future, a replaced point and a cleared run', () => {
    store.series.add('a', points(1, 10));
    expect(values()).toHaveLength(10);
    store.series.removeAfter('a', 4);
    expect(values()).toEqual([1, 2, 3, 4]);
    store.series.add(
      'a',
      points(2, 6, (step) => -step),
    );
    expect(values()).toEqual([1, -2, -3, -4, -5, -6]);
    store.series.clear('a');
    expect(values()).toEqual([]);
    store.series.add('a', points(5, 6));
    expect(values()).toEqual([5, 6]);
  });

  it('know nothing that was never stored', () => {
    store.series.add('a', points(1, 3));
    expect(values()).toHaveLength(3);
    expect(() =>
      store.transaction(() => {
        store.series.add('a', points(4, 9));
        throw new Error('the disk is full');
      }),
    ).toThrow('full');
    expect(values()).toEqual([1, 2, 3]);
  });

  it('never take the series of a deleted run for that of a new one', () => {
    store.series.add('a', points(1, 3));
    expect(values()).toHaveLength(3);
    store.runs.setStatus('a', 'stopped', { at: '2026-01-02' });
    store.runs.remove('a');
    store.runs.create(newRun('b'));
    store.series.add('b', points(7, 8));
    expect(values('b')).toEqual([7, 8]);
    expect(values()).toEqual([]);
  });

  it('see what another connection wrote', () => {
    store.series.add('a', points(1, 5));
    const other = openSql(dataFolder.database);
    const reader = columnCache(other);
    const id = other.get<{ id: number }>("SELECT id FROM series WHERE name = 'loss'")?.id ?? 0;
    expect(reader.read('a', id).value).toHaveLength(5);
    store.series.removeAfter('a', 2);
    expect(Array.from(reader.read('a', id).value)).toEqual([1, 2]);
    other.close();
  });
});

describe('sessions', () => {
  const at = (minute: number) => `2026-01-02T00:0${minute}:00.000Z`;
  const milliseconds = (minute: number) => Date.parse(at(minute));

  it('say when a run began and was resumed, and how long it had been trained by then', () => {
    store.sessions.begin('a', 0, at(0));
    store.series.add('a', points(1, 30));
    store.sessions.begin('a', 30, at(5));
    expect(store.sessions.read('a')).toEqual([
      { step: 0, elapsed: 0, at: milliseconds(0) },
      { step: 30, elapsed: 60, at: milliseconds(5) },
    ]);
  });

  it('of a future that is computed again go', () => {
    store.sessions.begin('a', 0, at(0));
    store.series.add('a', points(1, 30));
    store.sessions.begin('a', 30, at(1));
    store.series.add('a', points(31, 40));
    store.series.removeAfter('a', 20);
    store.sessions.begin('a', 20, at(2));
    expect(store.sessions.read('a').map(({ step, elapsed }) => [step, elapsed])).toEqual([
      [0, 0],
      [20, 40],
    ]);
  });

  it('of a run that was recorded before there were any: one, from its start', () => {
    expect(store.sessions.read('a')).toEqual([
      { step: 0, elapsed: 0, at: Date.parse('2026-01-01T00:00:00.000Z') },
    ]);
    expect(store.sessions.read('gone')).toEqual([]);
  });
});
