import type { SearchConfig } from './config.ts';
import type { Trial } from './trial.ts';

type Objective = SearchConfig['objective'];

/** Which way is better. */
export function goalOf(objective: Objective): 'max' | 'min' {
  return objective.goal ?? (objective.series.endsWith('/loss') ? 'min' : 'max');
}

/** Of two values the better one. */
function better(objective: Objective, a: number, b: number): number {
  return goalOf(objective) === 'max' ? Math.max(a, b) : Math.min(a, b);
}

/** The objective of a curve up to and with an epoch; null before its first point. */
export function objectiveAt(objective: Objective, curve: Trial['curve'], epoch: number): number | null {
  const values = curve.filter(([at]) => at <= epoch).map(([, value]) => value);
  if (objective.select === 'last') return values.at(-1) ?? null;
  return values.length === 0 ? null : values.reduce((a, b) => better(objective, a, b));
}

/** What a trial has come to; null for a failed one and for one without a value. */
export function trialObjective(objective: Objective, trial: Trial): number | null {
  return trial.status === 'failed' ? null : objectiveAt(objective, trial.curve, trial.target);
}

/** A number that is higher for what is better; −∞ without a value: worst. */
export function score(objective: Objective, value: number | null): number {
  if (value === null) return -Infinity;
  return goalOf(objective) === 'max' ? value : -value;
}

/** Trials, the best first; of equal ones the older. */
export function byFitness(objective: Objective, trials: readonly Trial[]): Trial[] {
  const fitness = new Map(trials.map((trial) => [trial, score(objective, trialObjective(objective, trial))]));
  const of = (trial: Trial): number => fitness.get(trial) ?? -Infinity;
  return [...trials].sort((a, b) => (of(a) === of(b) ? a.number - b.number : of(b) > of(a) ? 1 : -1));
}
