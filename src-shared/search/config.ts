import { z } from 'zod';
import { BEST_SERIES } from '../run/record.ts';
import { DimensionSchema } from './dimension.ts';

/** Series that a search may judge by. Test series are not among them: who chooses by the test set has none left. */
export const OBJECTIVE_SERIES = [
  'validation/accuracy',
  BEST_SERIES,
  'validation/loss',
  'epoch/train/accuracy',
  'epoch/train/loss',
] as const;

const ObjectiveSchema = z.strictObject({
  series: z.enum(OBJECTIVE_SERIES).default('validation/accuracy'),
  /** Absent: `max` for an accuracy, `min` for a loss. */
  goal: z.enum(['max', 'min']).optional(),
  /** The best value of the epochs, or that of the last one. */
  select: z.enum(['best', 'last']).default('best'),
});

const share = z.number().min(0).max(1);

export const AlgorithmSchema = z.discriminatedUnion('kind', [
  /** Every point of the space. */
  z.strictObject({ kind: z.literal('grid') }),
  /** Points by chance, none twice (Bergstra, Bengio, JMLR 13, 2012). */
  z.strictObject({ kind: z.literal('random'), trials: z.int().min(1).max(100_000).default(20) }),
  /** A population that breeds; the defaults are those of TOT-Net's search (Nazari et al., DSD 2019). */
  z.strictObject({
    kind: z.literal('evolutionary'),
    population: z.int().min(2).max(10_000).default(20),
    generations: z.int().min(1).max(10_000).default(8),
    /** Share of the population, the fittest, that become parents. */
    retain: z.number().gt(0).lt(1).default(0.2),
    /** Chance that one of the others becomes a parent all the same. */
    randomSelect: share.default(0.1),
    /** Chance that one gene of a child is redrawn. */
    mutation: share.default(0.3),
    crossover: z.enum(['one-point', 'uniform']).default('one-point'),
  }),
  /** Asynchronous successive halving: short trials first, the best of them go on (Li et al., arXiv 1810.05934). */
  z.strictObject({
    kind: z.literal('asha'),
    trials: z.int().min(2).max(100_000).default(27),
    /** Epochs that every trial gets. */
    minEpochs: z.int().min(1).max(100_000).default(1),
    /** One in so many goes on from each rung, with so many times the epochs. */
    reduction: z.int().min(2).max(100).default(3),
  }),
]);
export type Algorithm = z.output<typeof AlgorithmSchema>;

/** A search over the fields of a run's configuration: one JSON document. */
export const SearchConfigSchema = z.strictObject({
  version: z.literal(1).default(1),
  name: z.string().min(1).max(150).default('search'),
  notes: z.string().max(100_000).default(''),
  /** Everything random in the search derives from it; the runs have their own. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  /** The run configuration that every trial begins with. */
  run: z.record(z.string(), z.json()),
  /** Parameters: a field of the run configuration (`training.learningRate`) or a name with `paths`, and its values. */
  space: z
    .record(z.string().min(1), DimensionSchema)
    .refine((space) => Object.keys(space).length > 0, 'must have at least one parameter'),
  algorithm: AlgorithmSchema.prefault({ kind: 'random' }),
  objective: ObjectiveSchema.prefault({}),
  /** Nothing new is begun that would go beyond it. */
  budget: z
    .strictObject({
      trials: z.int().min(1).optional(),
      /** Of all trials together. */
      epochs: z.int().min(1).optional(),
      /** Of computing, all trials together. */
      hours: z.number().positive().optional(),
    })
    .prefault({}),
  /** Trials that train at the same time. */
  concurrency: z.int().min(1).max(64).default(1),
  earlyStopping: z
    .strictObject({
      /** Ends the search when so many trials in a row have not improved its best. */
      patience: z.int().min(1).optional(),
      /** What counts as an improvement, in the objective's unit. */
      minImprovement: z.number().min(0).default(0),
      /** Stops a trial whose best value is below the median of the averages of finished ones (Golovin et al., KDD 2017). */
      median: z
        .strictObject({
          minEpochs: z.int().min(1).default(1),
          minTrials: z.int().min(2).default(3),
        })
        .optional(),
    })
    .prefault({}),
  /** How often a trial whose process crashes is resumed before it counts as failed. */
  retries: z.int().min(0).max(10).default(1),
  /** When the first trials, so many, all fail, the search fails. */
  failAfter: z.int().min(1).max(1000).default(3),
});
export type SearchConfig = z.output<typeof SearchConfigSchema>;
export type SearchConfigInput = z.input<typeof SearchConfigSchema>;
