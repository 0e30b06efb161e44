import { expect, it } from 'vitest';
import type { RunSummary } from '#shared/run/record.ts';
import type { RunStatus } from '#shared/run/status.ts';
import { attentionOf } from '#main/app/attention-of.ts';

const run = (id: string, status: RunStatus, stepsDone = 0) =>
  ({ id, status, stepsDone, stepsTotal: 100 }) as RunSummary;

it('tells of each end once, and only of runs that were seen at work', () => {
  const working = new Set<string>();
  expect(attentionOf([run('a', 'finished'), run('b', 'running', 50)], working)).toEqual({
    ended: [],
    progress: 0.5,
  });
  const second = attentionOf([run('a', 'finished'), run('b', 'crashed', 60), run('c', 'queued')], working);
  expect(second.ended.map(({ id }) => id)).toEqual(['b']);
  expect(second.progress).toBe(0);
  expect(attentionOf([run('b', 'crashed'), run('c', 'stopped')], working)).toMatchObject({ progress: null });
  expect(attentionOf([run('b', 'crashed'), run('c', 'stopped')], working).ended).toEqual([]);
});

it('shows the mean of what is at work', () => {
  expect(attentionOf([run('a', 'running', 20), run('b', 'running', 60)], new Set()).progress).toBeCloseTo(
    0.4,
  );
});
