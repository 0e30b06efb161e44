import { describe, expect, it } from 'vitest';
import type { CheckpointRecord } from '#shared/run/record.ts';
import { chooseCheckpoint, finalTwin } from '#main/services/export/choose-checkpoint.ts';

const record = (id: string, kind: CheckpointRecord['kind'], step: number): CheckpointRecord => ({
  id,
  kind,
  step,
  run: 'run',
  epoch: 0,
  sha256: 'a',
  bytes: 1,
  validationAccuracy: null,
  createdAt: `2026-01-01T00:00:0${step}.000Z`,
});

const UNFINISHED = [record('e1', 'epoch', 1), record('b2', 'best', 2), record('p3', 'pause', 3)];
const FINISHED = [...UNFINISHED, record('b5', 'best', 5), record('f5', 'final', 5)];

describe('the checkpoint to export', () => {
  it('is the final one of a finished run, whatever else has its step or came later', () => {
    expect(chooseCheckpoint('run', FINISHED, undefined).id).toBe('f5');
    expect(chooseCheckpoint('run', FINISHED.toReversed(), undefined).id).toBe('f5');
    expect(chooseCheckpoint('run', [...FINISHED, record('m7', 'manual', 7)], undefined).id).toBe('f5');
  });

  it('is the newest of a run that has not finished', () => {
    expect(chooseCheckpoint('run', UNFINISHED, undefined).id).toBe('p3');
  });

  it('is the wanted one, or an error that names those there are', () => {
    expect(chooseCheckpoint('run', FINISHED, 'b2').id).toBe('b2');
    expect(() => chooseCheckpoint('run', UNFINISHED, 'x')).toThrow(/run has no checkpoint "x".*e1, b2, p3/);
    expect(() => chooseCheckpoint('run', [], undefined)).toThrow(/run has no checkpoint yet/);
  });

  it('may be a copy of the final one where it was written at the same step', () => {
    const [, , , best] = FINISHED;
    expect(best && finalTwin(best, FINISHED)?.id).toBe('f5');
    expect(finalTwin(record('b2', 'best', 2), FINISHED)).toBe(undefined);
  });
});
