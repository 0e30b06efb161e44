import { describe, expect, it } from 'vitest';
import type { CheckpointRecord } from '#shared/run/record.ts';
import { bestCheckpoint, checkpointsToDrop } from '#main/services/run/keep-checkpoints.ts';
import { RandomStream } from '#shared/base/random.ts';

const record = (
  step: number,
  kind: CheckpointRecord['kind'],
  validationAccuracy: number | null = null,
): CheckpointRecord => ({
  id: `${kind}-${step}`,
  run: 'a',
  epoch: step,
  step,
  kind,
  sha256: '',
  bytes: 1,
  validationAccuracy,
  createdAt: '',
});
const dropped = (records: CheckpointRecord[]): string[] => checkpointsToDrop(records).map(({ id }) => id);

describe('which checkpoints are kept', () => {
  it('the last two epochs', () => {
    expect(dropped([1, 2, 3, 4].map((step) => record(step, 'epoch')))).toEqual(['epoch-1', 'epoch-2']);
  });

  it('the best, final and manual ones, however old', () => {
    const old = [record(1, 'manual'), record(2, 'epoch', 0.9), record(3, 'final'), record(4, 'epoch', 0.5)];
    expect(dropped([...old, record(5, 'epoch', 0.6), record(6, 'pause', 0.7)])).toEqual(['epoch-4']);
  });

  it('only the newest best', () => {
    expect(dropped([record(1, 'best', 0.5), record(2, 'best', 0.6), record(3, 'best', 0.7)])).toEqual([
      'best-1',
      'best-2',
    ]);
  });

  it('of equally good ones that of kind best, else the latest', () => {
    expect(
      bestCheckpoint([record(1, 'epoch', 0.5), record(2, 'best', 0.5), record(3, 'epoch', 0.5)])?.id,
    ).toBe('best-2');
    expect(bestCheckpoint([record(1, 'epoch', 0.5), record(3, 'epoch', 0.5)])?.id).toBe('epoch-3');
    expect(bestCheckpoint([record(1, 'epoch')])).toBeUndefined();
  });

  it('whatever the history: the newest one and the best one, and never more than a few that nobody asked for', () => {
    const random = new RandomStream(1, 'keep');
    const kinds = ['epoch', 'pause', 'best', 'manual', 'final'] as const;
    let kept: CheckpointRecord[] = [];
    let best = -1;
    for (let step = 1; step <= 2000; step++) {
      const accuracy = random.nextBelow(3) === 0 ? null : random.nextBelow(500) / 500;
      const next = record(step, kinds[random.nextBelow(3)] ?? 'epoch', accuracy);
      best = Math.max(best, accuracy ?? -1);
      kept.push(next);
      const drop = checkpointsToDrop(kept);
      kept = kept.filter((each) => !drop.includes(each));
      expect(kept).toContain(next);
      expect(Math.max(-1, ...kept.map(({ validationAccuracy }) => validationAccuracy ?? -1))).toBe(best);
      expect(kept.length).toBeLessThanOrEqual(4);
    }
  });
});
