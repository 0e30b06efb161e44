import { z } from 'zod';
import { LossSchema } from './losses/index.ts';
import { OptimizerSchema } from './optimizers/index.ts';
import { ScheduleSchema } from './schedule/schema.ts';

/** How a network is trained. */
export const TrainingPlanSchema = z.strictObject({
  epochs: z.int().min(1).max(100_000).default(10),
  batchSize: z.int().min(1).max(65_536).default(100),
  loss: LossSchema.prefault({ kind: 'softmax-cross-entropy' }),
  optimizer: OptimizerSchema.prefault({ kind: 'adam' }),
  learningRate: ScheduleSchema.prefault({ kind: 'cosine', initial: 0.005, final: 1e-5 }),
  /** Metrics are read from the device every so many steps. */
  metricsEvery: z.int().min(1).max(100_000).default(20),
  /** A checkpoint every so many epochs (one is always written at the end and on pause). */
  checkpointEvery: z.int().min(1).max(100_000).default(1),
});
export type TrainingPlan = z.output<typeof TrainingPlanSchema>;
