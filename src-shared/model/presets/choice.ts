import { z } from 'zod';
import type { ModelSpec } from '../spec.ts';
import { MODEL_PRESETS } from './registry.ts';
import type { SampleShape } from './types.ts';

/** A preset by name with its options: `{"preset": "mobilenet-v1", "width": 0.25}`. */
export interface PresetChoice {
  preset: string;
  [option: string]: unknown;
}

const [first, ...rest] = MODEL_PRESETS.map(({ id, options }) => options.extend({ preset: z.literal(id) }));
if (!first) throw new RangeError('no model presets');

/** The presets that a configuration can name; options that it leaves out get their defaults. */
export const PresetChoiceSchema = z.discriminatedUnion('preset', [
  first,
  ...rest,
]) as unknown as z.ZodType<PresetChoice>;

/**
 * The network of a choice that `PresetChoiceSchema` has checked.
 *
 * @throws BitsmithError `invalid-input` for samples that it cannot take
 */
export function buildPreset(choice: PresetChoice, shape: SampleShape, classes: number): ModelSpec {
  const { preset: id, ...options } = choice;
  const preset = MODEL_PRESETS.find((candidate) => candidate.id === id);
  if (!preset) throw new RangeError(`no preset ${id}`);
  return preset.build(shape, classes, options);
}
