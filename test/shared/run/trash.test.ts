import { describe, expect, it } from 'vitest';
import { changedTags, readTags } from '#shared/run/tags.ts';
import { assertDeletable, timeLeft, TRASH_DAYS } from '#shared/run/trash.ts';
import { RUN_STATUSES } from '#shared/run/status.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

describe('the trash', () => {
  it('keeps a run for its days, then no longer', () => {
    const deletedAt = '2026-01-01T00:00:00.000Z';
    const start = Date.parse(deletedAt);
    expect(timeLeft(deletedAt, start)).toBe(TRASH_DAYS * 86_400_000);
    expect(timeLeft(deletedAt, start + TRASH_DAYS * 86_400_000 - 1)).toBe(1);
    expect(timeLeft(deletedAt, start + TRASH_DAYS * 86_400_000 + 5)).toBe(0);
  });

  it.each(RUN_STATUSES)('takes a run that is %s unless it is at work', (status) => {
    const run = { ...fakeRun(2).summary, status };
    const take = () => assertDeletable([fakeRun(2).summary, run]);
    if (status === 'queued' || status === 'running') {
      expect(take).toThrow(`run ${run.id} is ${status}; stop it before you delete it; nothing was deleted`);
    } else expect(take).not.toThrow();
  });
});

describe('tags', () => {
  it('are each there once, in their order', () => {
    expect(changedTags({ id: 'a', tags: ['x', 'y'] }, { add: ['z', 'y'], remove: ['x'] })).toEqual([
      'y',
      'z',
    ]);
    expect(readTags(' a, b,,a , c d')).toEqual(['a', 'b', 'c d']);
    expect(readTags('')).toEqual([]);
  });

  it('are limited', () => {
    const tags = Array.from({ length: 50 }, (_, i) => `t${i}`);
    expect(() => changedTags({ id: 'a', tags }, { add: ['more'], remove: [] })).toThrow(
      'run a would have 51 tags; at most 50 are allowed',
    );
    expect(changedTags({ id: 'a', tags }, { add: ['more'], remove: ['t0'] })).toHaveLength(50);
  });
});
