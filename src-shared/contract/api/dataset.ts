import { z } from 'zod';
import { call, type Feature } from '../api.ts';

export const DatasetInfoSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  shape: z.tuple([z.number(), z.number(), z.number()]),
  classes: z.array(z.string()),
  train: z.number(),
  test: z.number(),
  source: z.string(),
  licence: z.string().optional(),
  sha256: z.string(),
  mean: z.array(z.number()),
  standardDeviation: z.array(z.number()),
  classCounts: z.strictObject({ train: z.array(z.number()), test: z.array(z.number()) }),
  installedAt: z.string(),
});

/** A row of the catalogue: what can be downloaded, and whether it is here already. */
export const CatalogueRowSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  shape: z.tuple([z.number(), z.number(), z.number()]),
  classes: z.number(),
  train: z.number(),
  test: z.number(),
  /** Bytes to download from the preferred source. */
  downloadBytes: z.number(),
  licence: z.string(),
  homepage: z.string(),
  installed: z.boolean(),
});

export const IMPORT_KINDS = ['idx', 'cifar-binary'] as const;

export const datasetApi = {
  catalogue: call(z.strictObject({}), z.array(CatalogueRowSchema)),
  list: call(z.strictObject({}), z.array(DatasetInfoSchema)),
  show: call(z.strictObject({ name: z.string() }), DatasetInfoSchema),
  /** Starts a task (label `dataset`); its result is the DatasetInfo. */
  get: call(z.strictObject({ name: z.string() }), z.strictObject({ task: z.string() })),
  /** Starts a task; its result is the DatasetInfo. `path` is a file or folder on the host's disk. */
  import: call(
    z.strictObject({
      path: z.string().min(1),
      kind: z.enum(IMPORT_KINDS),
      name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens'),
      classes: z.array(z.string()).optional(),
    }),
    z.strictObject({ task: z.string() }),
  ),
  /** `count` samples from `offset` on, as base64 of the raw bytes (h·w·c each). */
  samples: call(
    z.strictObject({
      name: z.string(),
      split: z.enum(['train', 'test']),
      offset: z.int().nonnegative().default(0),
      count: z.int().min(1).max(1000).default(100),
    }),
    z.strictObject({
      shape: z.tuple([z.number(), z.number(), z.number()]),
      labels: z.array(z.number()),
      pixels: z.string(),
    }),
  ),
  remove: call(z.strictObject({ name: z.string() }), z.strictObject({})),
} satisfies Feature;
