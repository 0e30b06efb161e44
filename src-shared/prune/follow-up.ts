import { z } from 'zod';
import type { ModelSpec } from '../model/spec.ts';
import type { RunConfig } from '../run/config.ts';
import { planAt } from '../train/moment.ts';
import type { TrainingPlan } from '../train/plan.ts';

/** What a person may say when a finished run is pruned; what is left out is `training.pruning`'s own default. */
export const PruneOptionsSchema = z.strictObject({
  /** Sparsities to try, each above the one before. */
  levels: z.array(z.number()).optional(),
  /** Epochs of retraining at each level. */
  epochs: z.number().optional(),
  /** Validation accuracy that may be lost, as a fraction. */
  tolerance: z.number().optional(),
  scope: z.enum(['layer', 'global']).optional(),
  granularity: z.enum(['weight', 'group', 'channel']).optional(),
  /** Absent: a tenth of the largest that the run was trained with. */
  learningRate: z.number().positive().optional(),
});
export type PruneOptions = z.output<typeof PruneOptionsSchema>;

/** Retraining goes with a tenth of the learning rate (Han et al., arXiv 1506.02626, take a tenth to a hundredth). */
const RETRAINING_SHARE = 0.1;

/**
 * The configuration of a run that prunes a finished one, level by level, until the validation accuracy suffers: that
 * run's own, but started from its weights, quantized from the first step, with rounds of pruning instead of its phases
 * and a constant learning rate. Masks are kept from level to level unless the run has said otherwise.
 *
 * @returns a document that is still to be checked as a configuration
 */
export function pruneConfig(parent: RunConfig, run: string, options: PruneOptions): Record<string, unknown> {
  const { learningRate, scope, granularity, ...rounds } = options;
  const { sparsity: _sparsity, rounds: _rounds, ...before } = parent.training.pruning ?? { masks: 'frozen' };
  return {
    ...parent,
    name: named(parent.name, 'pruned'),
    initialize: { run },
    training: {
      ...retraining(parent.training, learningRate ?? RETRAINING_SHARE * largestRate(parent.training)),
      pruning: { ...before, ...defined({ scope, granularity }), rounds: defined(rounds) },
    },
  };
}

/**
 * The configuration of a run that fine-tunes a pruned one after its masked channels are gone.
 *
 * @param spec the smaller network
 */
export function smallerConfig(
  parent: RunConfig,
  run: string,
  spec: ModelSpec,
  options: { epochs?: number | undefined; learningRate?: number | undefined },
): Record<string, unknown> {
  const { rounds } = parent.training.pruning ?? {};
  const initial = options.learningRate ?? (rounds ? 1 : RETRAINING_SHARE) * largestRate(parent.training);
  return {
    ...parent,
    name: named(parent.name, 'smaller'),
    model: spec,
    initialize: { run },
    training: {
      ...retraining(parent.training, { kind: 'cosine', initial, final: initial / 100 }),
      epochs: options.epochs ?? rounds?.epochs ?? Math.max(1, Math.ceil(parent.training.epochs / 10)),
    },
  };
}

/** A plan without everything that belongs to the way up: phases, ramps, freezing, its number of epochs. */
function retraining(plan: TrainingPlan, learningRate: unknown): Record<string, unknown> {
  const {
    epochs,
    phases: _,
    pruning: __,
    freeze: ___,
    weightQuantization: _w,
    activationQuantization: _a,
    ...kept
  } = plan;
  return { ...kept, learningRate, regularization: planAt(plan, epochs).regularization };
}

const SAMPLES = 1000;

/** The largest learning rate of a plan. */
export function largestRate(plan: TrainingPlan): number {
  const moments = Array.from(
    { length: SAMPLES + 1 },
    (_, i) => planAt(plan, (i / SAMPLES) * plan.epochs).learningRate,
  );
  return Math.max(...moments);
}

function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function named(name: string, what: string): string {
  return `${name.slice(0, 180)}, ${what}`;
}
