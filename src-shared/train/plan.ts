import { z } from 'zod';
import { PruningSchema } from '../prune/config.ts';
import { LossSchema } from './losses/index.ts';
import { OptimizerSchema } from './optimizers/index.ts';
import {
  FactorScheduleSchema,
  RateScheduleSchema,
  ShareScheduleSchema,
  SparsityScheduleSchema,
} from './schedule/schema.ts';

const quantities = {
  learningRate: RateScheduleSchema,
  /** Multiplies what the weight methods add to the loss. */
  regularization: FactorScheduleSchema,
  /** 0: weights in full precision; 1: quantized; between: a blend of both (of INQ: the portion that is quantized). */
  weightQuantization: ShareScheduleSchema,
  /** The same for activations, whose full-precision form is a hard tanh, or a ReLU where they have no negative codes. */
  activationQuantization: ShareScheduleSchema,
};

/** A stretch of the run with schedules of its own, which count time from its begin. What it leaves out is the plan's. */
const PhaseSchema = z.strictObject({
  name: z.string().min(1).max(100),
  epochs: z.int().min(1).max(100_000),
  learningRate: quantities.learningRate.optional(),
  regularization: quantities.regularization.optional(),
  weightQuantization: quantities.weightQuantization.optional(),
  activationQuantization: quantities.activationQuantization.optional(),
  sparsity: SparsityScheduleSchema.optional(),
  freeze: z
    .strictObject({
      batchNorm: z.boolean().default(false),
      quantizer: z.boolean().default(false),
    })
    .optional(),
});
export type Phase = z.output<typeof PhaseSchema>;

const DEFAULT_EPOCHS = 10;

/** How a network is trained. */
export const TrainingPlanSchema = z
  .strictObject({
    epochs: z.int().min(1).max(100_000).optional().meta({
      description: 'left out: 10, or what phases or pruning rounds add up to',
      absent: '10',
    }),
    batchSize: z.int().min(1).max(65_536).default(100),
    loss: LossSchema.prefault({ kind: 'softmax-cross-entropy' }),
    optimizer: OptimizerSchema.prefault({ kind: 'adam' }),
    learningRate: quantities.learningRate.prefault({ kind: 'cosine', initial: 0.005, final: 1e-5, begin: 0 }),
    regularization: quantities.regularization.prefault(1),
    weightQuantization: quantities.weightQuantization.prefault(1),
    activationQuantization: quantities.activationQuantization.prefault(1),
    /** Epochs from which on something keeps still; absent: never. */
    freeze: z
      .strictObject({
        /** Batch norm uses its running statistics and keeps them, its gain and its offset. */
        batchNorm: z.number().min(0).optional(),
        /** Trained scales, thresholds and running statistics of the quantizers keep their values. */
        quantizer: z.number().min(0).optional(),
      })
      .prefault({}),
    pruning: PruningSchema.optional(),
    phases: z.array(PhaseSchema).min(1).max(100).optional(),
    metricsEvery: z
      .int()
      .min(1)
      .max(100_000)
      .default(20)
      .meta({ unit: 'steps', description: 'how often metrics are read from the device' }),
    checkpointEvery: z
      .int()
      .min(1)
      .max(100_000)
      .default(1)
      .meta({ unit: 'epochs', description: 'one is always written at the end and on pause too' }),
  })
  .superRefine((plan, context) => {
    const refuse = (path: PropertyKey[], message: string, input: unknown) =>
      context.addIssue({ code: 'custom', path, message, input });
    const { phases, pruning } = plan;
    if (phases && pruning?.rounds) {
      refuse(
        ['phases'],
        'cannot be combined with "training.pruning.rounds", which make phases of their own',
        phases,
      );
    }
    const needed = impliedEpochs(plan);
    if (needed !== null && plan.epochs !== undefined && plan.epochs !== needed) {
      const source = phases ? 'the phases add up to' : 'the pruning rounds add up to';
      refuse(['epochs'], `must be ${needed}, which ${source}, or be left out`, plan.epochs);
    }
    phases?.forEach((phase, i) => {
      if (phase.sparsity === undefined || pruning?.sparsity) return;
      refuse(
        ['phases', i, 'sparsity'],
        'needs "training.pruning" with a "sparsity", which says how masks are made',
        phase.sparsity,
      );
    });
  })
  .transform((plan) => ({ ...plan, epochs: plan.epochs ?? impliedEpochs(plan) ?? DEFAULT_EPOCHS }));
export type TrainingPlan = z.output<typeof TrainingPlanSchema>;

function impliedEpochs(plan: {
  phases?: readonly Phase[] | undefined;
  pruning?: z.output<typeof PruningSchema> | undefined;
}): number | null {
  if (plan.phases) return plan.phases.reduce((sum, { epochs }) => sum + epochs, 0);
  const rounds = plan.pruning?.rounds;
  return rounds ? rounds.levels.length * rounds.epochs : null;
}
