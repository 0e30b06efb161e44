import { z } from 'zod';
import { call, type Feature } from '../api.ts';

/** What the program knows: methods, model presets, targets. All derived from `src-shared`; nothing is stored. */
export const MethodRowSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  sentence: z.string(),
  quantizes: z.array(z.enum(['weights', 'activations'])),
  bits: z.strictObject({ weights: z.number().optional(), activations: z.number().optional() }),
  forward: z.array(z.string()),
  gradient: z.array(z.string()),
  /** JSON schema of the parameters, per thing that it quantizes, with defaults. */
  parameters: z.record(z.string(), z.unknown()),
  paper: z
    .strictObject({
      title: z.string(),
      authors: z.string(),
      year: z.number(),
      venue: z.string(),
      url: z.string(),
    })
    .nullable(),
  departures: z.array(z.string()),
});

export const ModelRowSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  /** Parameters and multiply-accumulates for the preset's usual data set. */
  parameters: z.number(),
  macs: z.number(),
});

/** A configuration to start from that ships with the program. */
export const RecipeSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  notes: z.string(),
  dataset: z.string(),
  model: z.string(),
  epochs: z.number(),
  config: z.record(z.string(), z.unknown()),
});
export type RecipeRow = z.output<typeof RecipeSchema>;

export const catalogueApi = {
  recipes: call(z.strictObject({}), z.array(RecipeSchema)),
  methods: call(z.strictObject({}), z.array(MethodRowSchema)),
  models: call(z.strictObject({}), z.array(ModelRowSchema)),
} satisfies Feature;
