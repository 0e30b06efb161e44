import { costReport } from '#shared/model/cost.ts';
import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import type { ModelPreset } from '#shared/model/presets/types.ts';
import { inferModel, type QuantizationRules } from '#shared/model/resolve.ts';
import { toErrorData } from '#shared/base/errors.ts';
import { total } from './canvas/card.ts';

export interface PresetFacts {
  preset: ModelPreset;
  layers: number;
  parameters: number;
  macs: number;
  /** Why it cannot take these samples; null: it can. */
  refusal: string | null;
}

/** What each preset would be on a data set, with the methods of the run. */
export function presetFacts(
  dataset: { shape: [number, number, number]; classes: readonly string[] },
  rules: QuantizationRules,
): PresetFacts[] {
  return MODEL_PRESETS.map((preset) => {
    try {
      const spec = preset.build(dataset.shape, dataset.classes.length);
      const { layers, total: totals } = costReport(inferModel(spec, rules, dataset.classes.length));
      return {
        preset,
        layers: layers.length,
        parameters: totals.parameters,
        macs: total(totals.macs),
        refusal: null,
      };
    } catch (error) {
      return { preset, layers: 0, parameters: 0, macs: 0, refusal: toErrorData(error).message };
    }
  });
}
