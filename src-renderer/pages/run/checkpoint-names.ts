import type { CheckpointRecord } from '#shared/run/record.ts';
import { count, percent } from '../../components/base/format.ts';

export const CHECKPOINT_KINDS: Record<CheckpointRecord['kind'], string> = {
  epoch: 'End of epoch',
  pause: 'Paused',
  manual: 'By hand',
  best: 'Best so far',
  final: 'Final',
};

/** The checkpoint with the highest validation accuracy, the latest of equal ones. */
export function bestOf(checkpoints: readonly CheckpointRecord[]): CheckpointRecord | undefined {
  return checkpoints.reduce<CheckpointRecord | undefined>((best, record) => {
    if (record.validationAccuracy === null) return best;
    return record.validationAccuracy >= (best?.validationAccuracy ?? -Infinity) ? record : best;
  }, undefined);
}

/** What is looked at first: the final checkpoint, else the best, else the newest. */
export function usualCheckpoint(checkpoints: readonly CheckpointRecord[]): CheckpointRecord | undefined {
  const final = checkpoints.findLast(({ kind }) => kind === 'final');
  return final ?? bestOf(checkpoints) ?? checkpoints.toSorted((a, b) => a.step - b.step).at(-1);
}

/** To choose from, the newest first. */
export function checkpointItems(
  checkpoints: readonly CheckpointRecord[],
): { label: string; value: string }[] {
  const best = bestOf(checkpoints);
  return checkpoints
    .toSorted((a, b) => b.step - a.step)
    .map((record) => {
      const { id, kind, epoch, validationAccuracy } = record;
      const name =
        record === best && kind !== 'best' ? `${CHECKPOINT_KINDS[kind]}, best` : CHECKPOINT_KINDS[kind];
      const accuracy = validationAccuracy === null ? '' : ` · ${percent(validationAccuracy)}`;
      return { label: `${name} · epoch ${count(epoch)}${accuracy}`, value: id };
    });
}
