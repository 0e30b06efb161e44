import { z } from 'zod';
import { BitsmithError } from '../base/errors.ts';
import { parseWith } from '../base/schema.ts';
import { DatasetChoiceSchema } from '../dataset/choice.ts';
import type { DatasetInfo } from '../dataset/types.ts';
import { buildPreset, PresetChoiceSchema } from '../model/presets/choice.ts';
import { resolveModel, type ResolvedModel } from '../model/resolve.ts';
import { ModelSpecSchema, type ModelSpec } from '../model/spec.ts';
import { markPruned } from '../prune/mark-pruned.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '../quant/registry.ts';
import { TrainingPlanSchema } from '../train/plan.ts';

const firstLayer = z.strictObject({ weights: WeightChoiceSchema.optional() });
const lastLayer = firstLayer.extend({ activations: ActivationChoiceSchema.optional() });

/**
 * A run's configuration: one JSON document that the window edits, the command line takes, the store keeps and a bundle's
 * manifest names by its hash.
 */
export const RunConfigSchema = z.strictObject({
  version: z.literal(1).default(1),
  name: z.string().min(1).max(200).default('run'),
  notes: z.string().max(100_000).default(''),
  tags: z.array(z.string().min(1).max(50)).max(50).default([]),
  /** Everything random in the run derives from it. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  dataset: DatasetChoiceSchema,
  /** A preset by name with its options, or a network of one's own. */
  model: z.union([PresetChoiceSchema, ModelSpecSchema]),
  quantization: z
    .strictObject({
      weights: WeightChoiceSchema.prefault({ method: 'twn' }),
      activations: ActivationChoiceSchema.prefault({ method: 'gxnor' }),
      /** Other methods for the first and the last layer that has weights. */
      firstLayer: firstLayer.optional(),
      /** Its activations are those of the layer that feeds it. */
      lastLayer: lastLayer.optional(),
    })
    .prefault({}),
  training: TrainingPlanSchema.prefault({}),
  /**
   * Start from another run instead of random numbers. `checkpoint` absent: its final one, else its newest. `state`
   * `weights` (as when absent): its variables, and training begins anew; `training`: everything, so that it goes on
   * exactly where that run stood, see `continuationProblems`.
   */
  initialize: z
    .strictObject({
      run: z.string().min(1),
      checkpoint: z.string().min(1).optional(),
      state: z.enum(['weights', 'training']).optional(),
    })
    .optional(),
  /** `auto` measures a few steps of this very model on each back end and takes the fastest. */
  device: z.enum(['auto', 'tensorflow', 'webgpu', 'wasm']).default('auto'),
});
export type RunConfig = z.output<typeof RunConfigSchema>;
export type RunConfigInput = z.input<typeof RunConfigSchema>;

/** @throws BitsmithError `invalid-input` naming the field, its value and what is allowed */
export function parseRunConfig(value: unknown, what = 'the configuration'): RunConfig {
  return parseWith(RunConfigSchema, value, what);
}

/** The network of a configuration on its data set, with every shape and method resolved. */
export function resolveRun(
  config: RunConfig,
  dataset: Pick<DatasetInfo, 'name' | 'shape' | 'classes'>,
): ResolvedModel {
  const spec = modelSpecOf(config, dataset);
  if (spec.input.shape.join() !== dataset.shape.join()) {
    throw new BitsmithError(
      'invalid-input',
      `model "${spec.name}" takes samples of shape [${spec.input.shape.join(', ')}], but those of data set ` +
        `"${dataset.name}" are [${dataset.shape.join(', ')}]`,
    );
  }
  const model = resolveModel(spec, config.quantization, dataset.classes.length);
  const { pruning } = config.training;
  return pruning ? markPruned(model, pruning) : model;
}

function modelSpecOf(config: RunConfig, dataset: Pick<DatasetInfo, 'shape' | 'classes'>): ModelSpec {
  const { model } = config;
  if (!('preset' in model)) return model;
  return buildPreset(model, dataset.shape, dataset.classes.length);
}

/**
 * Applies `path=value` settings of the command line to a configuration document. The value is read as JSON where it is
 * JSON, else as text. Returns a copy.
 *
 * @throws BitsmithError `invalid-input` for a setting without `=` or a path into something that is no object
 */
export function applySettings(document: unknown, settings: readonly string[]): unknown {
  const copy: unknown = structuredClone(document);
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1)
      throw new BitsmithError('invalid-input', `--set ${setting}: must have the form path=value`);
    const keys = setting
      .slice(0, equals)
      .split(/[.[\]]+/)
      .filter((key) => key !== '');
    let target = copy;
    keys.forEach((key, depth) => {
      if (target === null || typeof target !== 'object') {
        const where = keys.slice(0, depth).join('.');
        throw new BitsmithError(
          'invalid-input',
          `--set ${setting}: "${where}" is no object that could hold "${key}"`,
        );
      }
      const record = target as Record<string, unknown>;
      if (depth === keys.length - 1) record[key] = jsonOrText(setting.slice(equals + 1));
      else target = record[key] ??= {};
    });
  }
  return copy;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
