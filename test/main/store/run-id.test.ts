import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { newRunId, openStore, resolveRunId, type Store } from '#main/store/index.ts';
import { newRun } from './support/new-run.ts';
import { temporaryDataFolder } from './support/temporary-folder.ts';

const now = Date.UTC(2026, 5, 1);

describe('a new run id', () => {
  it('is ten digits that nobody confuses', () => {
    for (let i = 0; i < 200; i++)
      expect(newRunId(now + i * 1e7, undefined)).toMatch(/^[0-9a-hjkmnp-tv-z]{10}$/);
  });

  it('sorts by time', () => {
    const ids = Array.from({ length: 500 }, (_, i) => newRunId(now + i ** 3 * 64, undefined));
    expect([...ids].sort()).toEqual(ids);
    expect(newRunId(Date.UTC(2020, 0, 1), undefined, 0)).toBe('0000000000');
    expect(newRunId(Date.UTC(2085, 0, 1), undefined) > newRunId(Date.UTC(2030, 0, 1), undefined)).toBe(true);
  });

  it('is greater than the last one of the same moment, and never the same', () => {
    let last: string | undefined;
    for (let i = 0; i < 300; i++) {
      const id = newRunId(now, last, 32_767);
      if (last !== undefined) expect(id > last).toBe(true);
      last = id;
    }
  });
});

it('does not follow a clock that was wrong', () => {
  const wrong = newRunId(now + 3_600_000, undefined);
  expect(newRunId(now, wrong) < wrong).toBe(true);
});

describe('naming a run', () => {
  let store: Store;
  beforeEach(() => {
    store = openStore({ dataFolder: temporaryDataFolder(), mode: 'write' });
    onTestFinished(() => store.close());
    for (const id of ['3k0000000a', '3k0000000b', '3m10000000', '3k0']) store.runs.create(newRun(id));
  });

  it('takes an id, the beginning of one, and any case or look-alike', () => {
    expect(resolveRunId(store.runs, '3k0000000b')).toBe('3k0000000b');
    expect(resolveRunId(store.runs, '3m')).toBe('3m10000000');
    expect(resolveRunId(store.runs, ' 3MLO ')).toBe('3m10000000');
  });

  it('prefers a whole id to those that begin with it', () => {
    expect(resolveRunId(store.runs, '3k0')).toBe('3k0');
  });

  it('lists the candidates of an ambiguous one', () => {
    expect(() => resolveRunId(store.runs, '3k00')).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message:
          'run "3k00" is ambiguous; it could be 3k0000000a (run 3k0000000a), 3k0000000b (run 3k0000000b)',
      }),
    );
  });

  it.each(['', ' ', '4', 'x%', '3k0000000a0', '日本'])('says that there is no run %j', (given) => {
    expect(() => resolveRunId(store.runs, given)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});
