import { z } from 'zod';
import { DATASET_NAME } from '../../dataset/name.ts';
import { ENCODINGS } from '../../dataset/format.ts';
import { IntegrityReportSchema } from '../../dataset/integrity.ts';
import { SoundFeaturesSchema } from '../../dataset/sound/spec.ts';
import { call, type Feature } from '../api.ts';

/** How a raw value becomes a byte; see `src-shared/dataset/features.ts`. */
export const InputFeatureSchema = z.strictObject({
  name: z.string(),
  minimum: z.number(),
  maximum: z.number(),
});

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
  features: z.array(InputFeatureSchema).optional(),
  sound: SoundFeaturesSchema.optional(),
  imported: z
    .strictObject({
      options: z.record(z.string(), z.unknown()),
      notes: z.array(z.string()),
      unreadable: z.int(),
    })
    .optional(),
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
  /** Where it is looked for, in this order. `edition` says how a source differs from the official one. */
  sources: z.array(z.strictObject({ title: z.string(), bytes: z.number(), edition: z.string().nullable() })),
  installed: z.boolean(),
});
export type CatalogueRow = z.output<typeof CatalogueRowSchema>;
export type DatasetDetail = z.output<typeof DatasetInfoSchema>;

export const IMPORT_KINDS = ['images', 'wav', 'csv', 'npz', 'idx', 'cifar-binary'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** What an import would read, seen from the names of the files alone. */
export const ImportPlanSchema = z.strictObject({
  /** The place as an absolute path. */
  path: z.string(),
  /** How it is called in messages, e.g. `the folder /data/mnist`. */
  where: z.string(),
  /** Number of files there, and the names of the first. */
  files: z.int(),
  names: z.array(z.string()),
  /** A name for the data set that is free. */
  name: z.string(),
  /** Every kind; one that does not fit says what is missing. */
  kinds: z.array(
    z.strictObject({
      kind: z.enum(IMPORT_KINDS),
      title: z.string(),
      reason: z.string().nullable(),
      /** How many files it would read; `files` are the first of them. */
      count: z.int(),
      files: z.array(
        z.strictObject({
          name: z.string(),
          bytes: z.number(),
          encoding: z.enum(ENCODINGS),
          split: z.enum(['train', 'test']),
          part: z.enum(['images', 'labels', 'samples', 'classes']),
        }),
      ),
    }),
  ),
});
export type ImportPlan = z.output<typeof ImportPlanSchema>;

/** What an import would install, after everything has been read and checked. */
export const ImportPreviewSchema = z.strictObject({
  shape: z.tuple([z.number(), z.number(), z.number()]),
  classes: z.array(z.string()),
  train: z.int(),
  test: z.int(),
  classCounts: z.strictObject({ train: z.array(z.number()), test: z.array(z.number()) }),
  /** The first training samples: labels, and base64 of their bytes. */
  labels: z.array(z.number()),
  pixels: z.string(),
  /** What those samples come from, where the format says it. */
  origins: z.array(z.string()).nullable(),
  features: z.array(InputFeatureSchema).nullable(),
  /** How sound becomes bytes; null where the samples are no sound. */
  sound: SoundFeaturesSchema.nullable(),
  /** What a person should know, a sentence each. */
  notes: z.array(z.string()),
  /** Files that cannot be read and would be left out; the first are listed. */
  unreadable: z.strictObject({
    count: z.int(),
    files: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  }),
});
export type ImportPreview = z.output<typeof ImportPreviewSchema>;

/** What a quick look into the first files tells, so that a form can offer it. Null: it tells nothing. */
export const ImportPeekSchema = z.strictObject({
  /** Columns of a table; `numeric`: all cells of the beginning are numbers, or empty. */
  columns: z
    .array(z.strictObject({ name: z.string(), numeric: z.boolean(), examples: z.array(z.string()) }))
    .nullable(),
  /** Arrays of a NumPy archive. */
  arrays: z
    .array(z.strictObject({ name: z.string(), dtype: z.string(), shape: z.array(z.number()) }))
    .nullable(),
  /** Some pictures as they would become samples, and the size of the first. */
  pictures: z
    .strictObject({
      size: z.tuple([z.number(), z.number()]),
      shape: z.tuple([z.number(), z.number(), z.number()]),
      classes: z.array(z.string()),
      labels: z.array(z.number()),
      pixels: z.string(),
    })
    .nullable(),
  /** Some recordings as they would become samples, and what the first of them are. */
  sounds: z
    .strictObject({
      rates: z.array(z.number()),
      /** Of the shortest and the longest. */
      seconds: z.tuple([z.number(), z.number()]),
      shape: z.tuple([z.number(), z.number(), z.number()]),
      sound: SoundFeaturesSchema,
      classes: z.array(z.string()),
      labels: z.array(z.number()),
      pixels: z.string(),
    })
    .nullable(),
});
export type ImportPeek = z.output<typeof ImportPeekSchema>;

const classNames = z.array(z.string()).optional();
/** What the kind lets choose; checked by the options' schema of its format. */
const options = z.record(z.string(), z.unknown()).optional();

/** Most bytes of samples in one answer. */
export const SAMPLE_BYTES = 16 * 1024 * 1024;

export const datasetApi = {
  catalogue: call(z.strictObject({}), z.array(CatalogueRowSchema)),
  list: call(z.strictObject({}), z.array(DatasetInfoSchema)),
  show: call(z.strictObject({ name: z.string() }), DatasetInfoSchema),
  /** Starts a task (label `dataset`); its result is the DatasetInfo. */
  get: call(z.strictObject({ name: z.string() }), z.strictObject({ task: z.string() })),
  /** What could be imported from a place; reads names only and writes nothing. */
  inspect: call(z.strictObject({ path: z.string().min(1) }), ImportPlanSchema),
  /**
   * A quick look into the beginning of the files; an archive is not unpacked for it.
   *
   * A file that is damaged, or options that are wrong, are errors as in `import`.
   */
  peek: call(
    z.strictObject({ path: z.string().min(1), kind: z.enum(IMPORT_KINDS), options }),
    ImportPeekSchema,
  ),
  /** Starts a task that reads everything as `import` would and keeps nothing; its result is an `ImportPreview`. */
  rehearse: call(
    z.strictObject({ path: z.string().min(1), kind: z.enum(IMPORT_KINDS), classes: classNames, options }),
    z.strictObject({ task: z.string() }),
  ),
  /** Starts a task; its result is the DatasetInfo. `path` is a file or folder on the host's disk. */
  import: call(
    z.strictObject({
      path: z.string().min(1),
      kind: z.enum(IMPORT_KINDS),
      name: z.string().regex(DATASET_NAME, 'must be lower-case letters, digits and hyphens'),
      classes: classNames,
      options,
    }),
    z.strictObject({ task: z.string() }),
  ),
  /**
   * `count` samples from `offset` on, or those of `indices` in that order, as base64 of the raw bytes (h·w·c each); at
   * most `SAMPLE_BYTES` in one answer.
   */
  samples: call(
    z.strictObject({
      name: z.string(),
      split: z.enum(['train', 'test']),
      offset: z.int().nonnegative().default(0),
      count: z.int().min(1).max(1000).default(100),
      indices: z.array(z.int().nonnegative()).min(1).max(1000).optional(),
    }),
    z.strictObject({
      shape: z.tuple([z.number(), z.number(), z.number()]),
      labels: z.array(z.number()),
      pixels: z.string(),
      /** The files, or places in files, that they come from; null where that is not known. */
      origins: z.array(z.string()).nullable(),
    }),
  ),
  /** The labels of all samples of a part, base64 of one byte each. */
  labels: call(
    z.strictObject({ name: z.string(), split: z.enum(['train', 'test']) }),
    z.strictObject({ labels: z.string() }),
  ),
  /** The last report on the set as it is now; null when there is none. */
  integrity: call(z.strictObject({ name: z.string() }), IntegrityReportSchema.nullable()),
  /** Starts a task (label `integrity`) that looks at every sample; its result is the IntegrityReport. */
  checkIntegrity: call(z.strictObject({ name: z.string() }), z.strictObject({ task: z.string() })),
  remove: call(z.strictObject({ name: z.string() }), z.strictObject({})),
} satisfies Feature;
