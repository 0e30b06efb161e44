import { describe, expect, it } from 'vitest';
import { SUMMARY_FIELDS } from '#shared/run/filter/fields.ts';
import { readSorting, sortRuns, writeSorting } from '#shared/run/filter/sort.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const runs = Array.from({ length: 300 }, (_, i) => fakeRun(i).summary);
const isUnknown = (value: unknown) =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

describe('sorting the runs', () => {
  it.each(SUMMARY_FIELDS.map(({ name }) => name))('orders by %s both ways, unknown values last', (name) => {
    const field = SUMMARY_FIELDS.find((one) => one.name === name);
    for (const descending of [false, true]) {
      const sorted = sortRuns(runs, [{ field: name, descending }]);
      expect(sorted.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        runs.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      );
      const values = sorted.map((run) => field?.value(run) ?? null);
      const known = values.filter((value) => !isUnknown(value));
      expect(values.slice(known.length).every(isUnknown)).toBe(true);
      const keys = known.map((value) =>
        typeof value === 'number'
          ? value
          : (typeof value === 'object' ? (value ?? []).join(' ') : String(value)).toLowerCase(),
      );
      expect(
        keys.every((key, i) => {
          const before = keys[i - 1] ?? key;
          return descending ? before >= key : before <= key;
        }),
      ).toBe(true);
    }
  });

  it('lets a second field decide where the first is equal, and keeps the order where both are', () => {
    const sorted = sortRuns(runs, readSorting('dataset,-accuracy'));
    sorted.slice(1).forEach((run, i) => {
      const before = sorted[i];
      if (before?.dataset !== run.dataset || run.accuracy === null) return;
      const [a, b] = [before.accuracy ?? before.bestValidationAccuracy ?? -1, run.accuracy];
      expect(a).toBeGreaterThanOrEqual(b);
    });
    const same = sortRuns(runs, readSorting('kind'));
    expect(same).toEqual(runs);
    expect(same).not.toBe(runs);
  });

  it('puts numbers before texts in a field that has both', () => {
    const values: Record<string, string | number> = { a: 'auto', b: 10, c: 9 };
    const some = ['a', 'b', 'c'].map((id) => ({ ...fakeRun(1).summary, id }));
    const order = (text: string) =>
      sortRuns(some, readSorting(text), (_, id) => values[id] ?? null)
        .map(({ id }) => id)
        .join('');
    expect(order('config.x')).toBe('cba');
    expect(order('-config.x')).toBe('abc');
  });

  it('reads what it writes, each field once, and forgets unknown ones', () => {
    expect(writeSorting(readSorting('-accuracy, name,nothing,-name,metric.train/loss'))).toBe(
      '-accuracy,name,metric.train/loss',
    );
    expect(readSorting('')).toEqual([]);
  });
});
