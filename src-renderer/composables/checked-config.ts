import './no-eval.ts';
import { isObject } from '#shared/base/json-document.ts';
import { checkWith, parseWith } from '#shared/base/schema.ts';
import { PresetChoiceSchema, type PresetChoice } from '#shared/model/presets/choice.ts';
import { RunConfigSchema, type RunConfig } from '#shared/run/config.ts';

/*
 * The window's own door to the shared checks of configurations. The page's policy forbids code made from text, and zod
 * would try that for speed (`no-eval.ts`): whoever checks anything in the window does it through here.
 */

export { checkWith, parseWith } from '#shared/base/schema.ts';
export { DatasetChoiceSchema, type DatasetChoice } from '#shared/dataset/choice.ts';
export { datasetFormat } from '#shared/dataset/sources/index.ts';
export { PruningSchema } from '#shared/prune/config.ts';
export { pruneConfig } from '#shared/prune/follow-up.ts';
export { parseRunConfig, resolveRun, RunConfigSchema, type RunConfig } from '#shared/run/config.ts';
export { candidateOf } from '#shared/search/candidate.ts';
export { checkSearch } from '#shared/search/check.ts';
export { SearchConfigSchema, type SearchConfig } from '#shared/search/config.ts';
export { TrainingPlanSchema } from '#shared/train/plan.ts';

/** @throws BitsmithError `invalid-input` naming the option, its value and what is allowed */
export function parsePresetChoice(value: unknown): PresetChoice {
  return parseWith(PresetChoiceSchema, value, 'the preset');
}

/** The quantization rules of a configuration that may be wrong: of a rule that is, the default. */
export function quantizationOf(value: unknown): RunConfig['quantization'] {
  const { shape } = quantizationSchema.unwrap();
  const given = isObject(value) ? value : {};
  const sound = Object.entries(shape).filter(
    ([key, schema]) => key in given && 'value' in checkWith(schema, given[key]),
  );
  return quantizationSchema.parse(Object.fromEntries(sound.map(([key]) => [key, given[key]])));
}
const quantizationSchema = RunConfigSchema.shape.quantization;
