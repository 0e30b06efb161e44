import { checkSearch } from '#shared/search/check.ts';
import type { SearchConfig, SearchConfigInput } from '#shared/search/config.ts';
import { nextStep, type Step } from '#shared/search/next-step.ts';
import type { Point } from '#shared/search/space.ts';
import type { Trial } from '#shared/search/trial.ts';

/** A valid run configuration with little in it. */
export const RUN = {
  dataset: { name: 'corners', validation: 0.2 },
  model: { preset: 'lenet5' },
  training: { epochs: 8 },
};

export function searchConfig(over: Partial<SearchConfigInput> & Record<string, unknown>): SearchConfig {
  return checkSearch({ run: RUN, ...over }).config;
}

/** Value of the objective at the end of an epoch; null: the trial fails there. */
export type Fitness = (values: Point, epoch: number) => number | null;

export interface Simulation {
  trials: Trial[];
  end: Extract<Step, { kind: 'end' }>;
  steps: Step[];
}

/**
 * Drives `nextStep` as the host does, with trials that take no time. With a concurrency above 1 `pick` chooses which of
 * the active trials ends first.
 */
export function simulate(
  config: SearchConfig,
  fitness: Fitness,
  options: { concurrency?: number; pick?: (active: readonly Trial[]) => number; from?: Trial[] } = {},
): Simulation {
  const { concurrency = 1, pick = () => 0 } = options;
  const trials = structuredClone(options.from ?? []);
  const steps: Step[] = [];
  for (let turn = 0; turn < 100_000; turn++) {
    const active = trials.filter(({ status }) => status === 'active');
    const step: Step = active.length < concurrency ? nextStep(config, trials) : { kind: 'wait' };
    steps.push(step);
    switch (step.kind) {
      case 'end':
        return { trials, end: step, steps };
      case 'start':
        trials.push(freshTrial(trials.length + 1, step));
        break;
      case 'promote': {
        const trial = trials[step.trial - 1];
        if (trial) Object.assign(trial, { status: 'active', target: step.target });
        break;
      }
      case 'wait': {
        const next = active[pick(active)];
        if (!next) throw new Error('it waits for nothing');
        train(config, next, fitness);
      }
    }
  }
  throw new Error('it does not end');
}

function freshTrial(number: number, step: Extract<Step, { kind: 'start' }>): Trial {
  return {
    number,
    run: `run-${number}`,
    values: step.values,
    status: step.problem ? 'failed' : 'active',
    reason: step.problem,
    generation: step.generation,
    target: step.target,
    epochs: 0,
    curve: [],
    seconds: 0,
    retries: 0,
    createdAt: '',
    endedAt: null,
  };
}

function train(config: SearchConfig, trial: Trial, fitness: Fitness): void {
  while (trial.epochs < trial.target) {
    const value = fitness(trial.values, trial.epochs + 1);
    if (value === null) {
      Object.assign(trial, { status: 'failed', reason: 'the loss is no finite number any more' });
      return;
    }
    trial.epochs++;
    trial.seconds += 60;
    trial.curve.push([trial.epochs, value]);
  }
  const whole = config.algorithm.kind !== 'asha' || trial.target === 8;
  trial.status = whole ? 'finished' : 'waiting';
}
