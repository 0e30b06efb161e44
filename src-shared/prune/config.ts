import { z } from 'zod';
import { SparsityScheduleSchema } from '../train/schedule/schema.ts';

const sparsity = z.number().min(0).lt(1);

/**
 * How a network is pruned while it trains. The sparsity of a layer is the share of its weights that are zero because of
 * the mask; quantizers add zeros of their own.
 *
 * Either `sparsity` follows a schedule, or `rounds` prune, retrain and measure until the accuracy suffers.
 */
export const PruningSchema = z
  .strictObject({
    /** Share of masked weights over the epochs. */
    sparsity: SparsityScheduleSchema.optional().describe(
      'share of the weights that are masked, over the epochs: 0 … below 1',
    ),
    /**
     * Iterative prune and retrain: each level is reached at once and trained for `epochs`; when the validation accuracy
     * falls more than `tolerance` below that of the start, the last good state is restored and the run ends.
     */
    rounds: z
      .strictObject({
        levels: z
          .array(sparsity)
          .min(1)
          .max(100)
          .default([0.5, 0.7, 0.8, 0.9, 0.95, 0.97])
          .describe('sparsities to try, each above the one before'),
        epochs: z.int().min(1).max(10_000).default(2).describe('epochs of retraining at each level'),
        tolerance: z
          .number()
          .min(0)
          .max(1)
          .default(0.005)
          .describe('validation accuracy that may be lost: 0.005 is half a point'),
      })
      .superRefine(({ levels }, context) => {
        levels.forEach((level, i) => {
          const before = levels[i - 1];
          if (before === undefined || level > before) return;
          context.addIssue({
            code: 'custom',
            path: ['levels', i],
            message: `must be above the one before it (${before})`,
            input: level,
          });
        });
      })
      .optional(),
    scope: z
      .enum(['layer', 'global'])
      .default('layer')
      .describe('each layer loses the share, or the smallest weights of all layers together do'),
    granularity: z
      .enum(['weight', 'group', 'channel'])
      .default('weight')
      .describe('what is masked as one: a weight, a group of input channels of one filter, a whole filter'),
    groupChannels: z
      .int()
      .min(1)
      .max(4096)
      .default(16)
      .describe('input channels of a group, with all their kernel positions'),
    everySteps: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(100)
      .describe('steps between two refreshes of the masks while the sparsity changes'),
    refreshUntil: z
      .number()
      .min(0)
      .optional()
      .describe(
        'epoch after which masks stay as they are once the sparsity has reached its last value; absent: 60 % of the run',
      ),
    masks: z
      .enum(['regrown', 'frozen'])
      .default('regrown')
      .describe(
        'regrown: masked weights go on learning and may come back at a refresh; frozen: what is masked stays zero',
      ),
    importance: z
      .enum(['norm', 'quantized'])
      .default('norm')
      .describe(
        'which filters go first (granularity channel): those with the smallest norm of the latent weights, or with the smallest scale × density of the quantized ones',
      ),
    /** Layers with a schedule of their own; 0 leaves a layer alone. */
    layers: z
      .record(z.string(), SparsityScheduleSchema)
      .default({})
      .describe('sparsity of single layers by their id, instead of the common one; 0 leaves a layer alone'),
    /**
     * Weight-penalty clipping with a self-adapting threshold (Yang, He, Fan, AAAI 2020):
     * λ · Σ_groups min(‖w_g‖₂, ρ · mean_g ‖w_g‖₂), over the groups of `granularity`.
     */
    penalty: z
      .strictObject({
        strength: z.number().min(0).max(1).default(1e-3).describe('λ'),
        clip: z
          .number()
          .min(0)
          .max(100)
          .default(0.25)
          .describe('ρ: groups above ρ times the mean norm are left alone'),
      })
      .optional(),
  })
  .superRefine((pruning, context) => {
    if ((pruning.sparsity === undefined) === (pruning.rounds === undefined)) {
      context.addIssue({
        code: 'custom',
        path: [],
        message:
          'needs either "sparsity" (a schedule) or "rounds" (prune and retrain until the accuracy suffers)',
        input: pruning,
      });
    }
    if (pruning.importance === 'quantized' && pruning.granularity !== 'channel') {
      context.addIssue({
        code: 'custom',
        path: ['importance'],
        message: '"quantized" ranks filters; set "granularity" to "channel"',
        input: pruning.importance,
      });
    }
    if (pruning.penalty && pruning.granularity === 'weight') {
      context.addIssue({
        code: 'custom',
        path: ['penalty'],
        message: 'acts on groups or channels; set "granularity" to "group" or "channel"',
        input: pruning.penalty,
      });
    }
  });
export type Pruning = z.output<typeof PruningSchema>;
