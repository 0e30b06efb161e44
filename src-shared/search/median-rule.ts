import type { SearchConfig } from './config.ts';
import { goalOf, objectiveAt, score } from './objective.ts';
import type { Trial } from './trial.ts';

/**
 * The median stopping rule (Golovin et al., "Google Vizier", KDD 2017): a trial is stopped at the end of an epoch when
 * its best value so far is worse than the median of the running averages that finished trials had at that epoch.
 *
 * @param after only epochs after this one are looked at: those before were judged when they ended
 * @returns the first epoch at which it is to be stopped, and why; or null
 */
export function medianVerdict(
  config: SearchConfig,
  trial: Trial,
  trials: readonly Trial[],
  after = 0,
): { epoch: number; reason: string } | null {
  const rule = config.earlyStopping.median;
  if (!rule) return null;
  const finished = trials.filter((other) => other.number !== trial.number && other.status === 'finished');
  for (const [epoch] of trial.curve) {
    if (epoch <= after || epoch < rule.minEpochs || epoch >= trial.target) continue;
    const reason = worseThanMedian(config, trial, finished, epoch, rule.minTrials);
    if (reason !== null) return { epoch, reason };
  }
  return null;
}

function worseThanMedian(
  { objective }: SearchConfig,
  trial: Trial,
  finished: readonly Trial[],
  epoch: number,
  minTrials: number,
): string | null {
  const averages = finished.flatMap(({ curve }) => {
    const values = curve.filter(([at]) => at <= epoch).map(([, value]) => value);
    return values.length === 0 ? [] : [values.reduce((sum, value) => sum + value, 0) / values.length];
  });
  if (averages.length < minTrials) return null;
  const middle = median(averages);
  const best = objectiveAt({ ...objective, select: 'best' }, trial.curve, epoch);
  if (score(objective, best) >= score(objective, middle)) return null;
  const worse = goalOf(objective) === 'max' ? 'below' : 'above';
  return `its best ${objective.series} after ${epoch} epochs, ${best?.toPrecision(4) ?? 'none'}, is ${worse} the median of finished trials, ${middle.toPrecision(4)}`;
}

export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}
