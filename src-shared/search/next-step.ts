import { proposeAsha, rungsOf } from './algorithms/asha.ts';
import { proposeEvolution } from './algorithms/evolutionary.ts';
import { proposeGrid } from './algorithms/grid.ts';
import type { Proposal } from './algorithms/proposal.ts';
import { proposeRandom } from './algorithms/random.ts';
import { epochsOf } from './candidate.ts';
import type { SearchConfig } from './config.ts';
import { score, trialObjective } from './objective.ts';
import { firstPoint, type Point } from './space.ts';
import { isSettled, type Trial } from './trial.ts';

/** What a search does next. */
export type Step =
  /** A new trial until the end of epoch `target`; `problem`: its configuration is refused, so it counts as failed. */
  | { kind: 'start'; values: Point; generation: number | null; target: number; problem: string | null }
  | { kind: 'promote'; trial: number; target: number }
  | { kind: 'wait' }
  /** No trial is active any more, and there is nothing to do. */
  | { kind: 'end'; status: 'finished' | 'failed'; reason: string };

/**
 * The next step of a search: a pure function of its configuration and its trials, without any state of its own. Called
 * again with the same trials (after a crash, say) it gives the same step.
 *
 * @param trials in the order of their numbers
 */
export function nextStep(config: SearchConfig, trials: readonly Trial[]): Step {
  const stop = hopeless(config, trials);
  const end = stop
    ? { status: 'failed' as const, reason: stop }
    : asEnd(tired(config, trials) ?? spent(config, trials));
  if (end) return ended(end, trials);
  const proposal = propose(config, trials);
  switch (proposal.kind) {
    case 'wait':
      return proposal;
    case 'end':
      return ended(verdict(proposal.reason, trials), trials);
    case 'promote': {
      const from = trials.find(({ number }) => number === proposal.trial)?.target ?? 0;
      return withinBudget(config, trials, proposal.target - from) ?? proposal;
    }
    case 'start': {
      const { epochs, problem } = epochsOf(config, proposal.point);
      const { algorithm } = config;
      const target = algorithm.kind === 'asha' ? (rungsOf(algorithm, epochs)[0] ?? epochs) : epochs;
      const { point: values, generation } = proposal;
      const most = config.budget.trials;
      if (most !== undefined && trials.length >= most) {
        return ended(verdict(`its budget of ${most} trials is used up`, trials), trials);
      }
      return withinBudget(config, trials, target) ?? { kind: 'start', values, generation, target, problem };
    }
  }
}

function propose(config: SearchConfig, trials: readonly Trial[]): Proposal {
  const { algorithm, space, seed } = config;
  switch (algorithm.kind) {
    case 'grid':
      return proposeGrid(space, trials);
    case 'random':
      return proposeRandom(space, seed, algorithm.trials, trials);
    case 'evolutionary':
      return proposeEvolution(config, algorithm, trials);
    case 'asha':
      return proposeAsha(config, algorithm, fullEpochs(config), trials);
  }
}

/** Epochs of a whole trial where they are the same for all. */
export function fullEpochs(config: SearchConfig): number {
  return epochsOf(config, firstPoint(config.space)).epochs;
}

/** What works is waited for, before a search ends. */
function ended(end: { status: 'finished' | 'failed'; reason: string }, trials: readonly Trial[]): Step {
  return trials.some(({ status }) => status === 'active') ? { kind: 'wait' } : { kind: 'end', ...end };
}

function asEnd(reason: string | null): { status: 'finished'; reason: string } | null {
  return reason === null ? null : { status: 'finished', reason };
}

/** A search in which every trial failed has failed, even when it was a short one. */
function verdict(reason: string, trials: readonly Trial[]) {
  const last = trials.at(-1);
  if (!last || trials.some(({ status }) => status !== 'failed'))
    return { status: 'finished' as const, reason };
  return { status: 'failed' as const, reason: allFailed(trials) };
}

/** Why it makes no sense to go on: the first trials, all of them, failed. */
function hopeless({ failAfter }: SearchConfig, trials: readonly Trial[]): string | null {
  const first = trials.slice(0, failAfter);
  return first.length === failAfter && first.every(({ status }) => status === 'failed')
    ? allFailed(first)
    : null;
}

function allFailed(trials: readonly Trial[]): string {
  const last = trials.at(-1);
  const which = trials.length === 1 ? 'its trial' : `all of its first ${trials.length} trials`;
  return `${which} failed, the last one because: ${last?.reason ?? 'unknown'}`;
}

/** Patience: so many settled trials in a row did not improve on the best before them. */
function tired({ earlyStopping, objective }: SearchConfig, trials: readonly Trial[]): string | null {
  const { patience, minImprovement } = earlyStopping;
  if (patience === undefined) return null;
  let best = -Infinity;
  let since = 0;
  for (const trial of trials.filter(isSettled)) {
    const value = score(objective, trialObjective(objective, trial));
    const improved = best === -Infinity ? value > best : value > best + minImprovement;
    if (improved) best = value;
    since = improved ? 0 : since + 1;
  }
  return since >= patience ? `the last ${since} trials did not improve its best` : null;
}

/** What of the budget is used up whatever the next step costs. */
function spent({ budget }: SearchConfig, trials: readonly Trial[]): string | null {
  const hours = trials.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  if (budget.hours !== undefined && hours >= budget.hours) {
    return `its budget of ${budget.hours} hours of computing is used up`;
  }
  return null;
}

/** The end, when a step that costs so many epochs goes beyond the budget. */
function withinBudget(config: SearchConfig, trials: readonly Trial[], epochs: number): Step | null {
  const { budget } = config;
  // Trials that are at work will have their target; the others have what they have done.
  const used = trials.reduce((sum, trial) => sum + (isSettled(trial) ? trial.epochs : trial.target), 0);
  if (budget.epochs === undefined || used + epochs <= budget.epochs) return null;
  return ended(
    verdict(
      `its budget of ${budget.epochs} epochs leaves no room for another trial (${used} are used)`,
      trials,
    ),
    trials,
  );
}
