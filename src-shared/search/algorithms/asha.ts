import type { Algorithm, SearchConfig } from '../config.ts';
import { objectiveAt, score } from '../objective.ts';
import type { Trial } from '../trial.ts';
import type { Proposal } from './proposal.ts';
import { exhausted, nextRandomPoint } from './random.ts';

type Asha = Extract<Algorithm, { kind: 'asha' }>;

/**
 * The epochs at whose ends trials are compared: minEpochs · reduction^k, and all epochs as the top rung in the place of
 * the last one that they reach.
 */
export function rungsOf(
  { minEpochs, reduction }: Pick<Asha, 'minEpochs' | 'reduction'>,
  epochs: number,
): number[] {
  const rungs: number[] = [];
  for (let rung = minEpochs; rung <= epochs; rung *= reduction) rungs.push(rung);
  return [...rungs.slice(0, -1), epochs];
}

/**
 * Asynchronous successive halving (Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht, Talwalkar, arXiv 1810.05934,
 * algorithm 2): whenever there is room, a trial among the best 1/reduction of those that completed a rung goes on to the
 * next one, from the top rung downwards; where there is none, a new trial begins at the lowest rung. A trial is one run,
 * paused at each rung.
 *
 * @param epochs of a whole trial
 */
export function proposeAsha(
  config: SearchConfig,
  algorithm: Asha,
  epochs: number,
  trials: readonly Trial[],
): Proposal {
  const rungs = rungsOf(algorithm, epochs);
  for (let k = rungs.length - 2; k >= 0; k--) {
    const rung = rungs[k] ?? epochs;
    const next = promotable(config, algorithm, rung, trials);
    if (next) return { kind: 'promote', trial: next.number, target: rungs[k + 1] ?? epochs };
  }
  const more = trials.length < algorithm.trials;
  const point = more ? nextRandomPoint(config.space, config.seed, trials) : null;
  if (point) return { kind: 'start', point, generation: null };
  if (trials.some(({ status }) => status === 'active')) return { kind: 'wait' };
  return { kind: 'end', reason: more ? exhausted(trials.length) : `all ${algorithm.trials} trials are done` };
}

/** The best trial that waits at a rung and is among the best 1/reduction of those that completed it. */
function promotable(
  { objective }: SearchConfig,
  { reduction }: Asha,
  rung: number,
  trials: readonly Trial[],
): Trial | undefined {
  const fitness = (trial: Trial): number =>
    trial.status === 'failed' && trial.target <= rung
      ? -Infinity
      : score(objective, objectiveAt(objective, trial.curve, rung));
  const completed = trials
    .filter((trial) => trial.target > rung || (trial.target === rung && trial.status !== 'active'))
    .map((trial) => ({ trial, fitness: fitness(trial) }))
    .sort((a, b) =>
      a.fitness === b.fitness ? a.trial.number - b.trial.number : b.fitness > a.fitness ? 1 : -1,
    );
  return completed
    .slice(0, Math.floor(completed.length / reduction))
    .find(
      ({ trial, fitness: value }) => trial.status === 'waiting' && trial.target === rung && value > -Infinity,
    )?.trial;
}
