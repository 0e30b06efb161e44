import type { Pruning } from '../prune/config.ts';
import type { Position } from './checkpoint.ts';

type Rounds = NonNullable<Pruning['rounds']>;

/** The number of the pruning round that ends with this epoch, from 1; null within a round. */
export function roundEnds(rounds: Rounds | undefined, epoch: number): number | null {
  if (!rounds || epoch === 0 || epoch % rounds.epochs !== 0) return null;
  return epoch / rounds.epochs;
}

/** Floating-point differences of accuracies that are fractions of the same number of samples. */
const SLACK = 1e-9;

/**
 * The verdict on a round of iterative pruning (prune, retrain, measure): it passes while the accuracy lost against the
 * start is within the tolerance.
 *
 * @returns where pruning then stands, and a line for the run's journal
 */
export function judgeRound(
  rounds: Rounds,
  standing: NonNullable<Position['rounds']>,
  round: number,
  accuracy: number,
): { standing: NonNullable<Position['rounds']>; message: string } {
  const level = percent(rounds.levels[round - 1] ?? 0);
  const loss = standing.baseline - accuracy;
  const points = `${(Math.abs(loss) * 100).toFixed(2)} points ${loss < 0 ? 'above' : 'below'} the start`;
  if (loss <= rounds.tolerance + SLACK) {
    return {
      standing: { ...standing, passed: round, accuracy },
      message: `sparsity ${level}: validation accuracy ${percent(accuracy)}, ${points}: kept`,
    };
  }
  const good =
    standing.passed === 0 ? 'no level was good: the start' : percent(rounds.levels[standing.passed - 1] ?? 0);
  return {
    standing: { ...standing, ended: true },
    message:
      `sparsity ${level}: validation accuracy ${percent(accuracy)}, ${points}, more than the tolerance of ` +
      `${(rounds.tolerance * 100).toFixed(2)} points; the state of the last good level is restored (${good})`,
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
