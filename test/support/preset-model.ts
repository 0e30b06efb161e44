import { MODEL_PRESETS } from '#shared/model/presets/registry.ts';
import type { ModelPreset } from '#shared/model/presets/types.ts';

export function presetOf(id: string): ModelPreset {
  const preset = MODEL_PRESETS.find((candidate) => candidate.id === id);
  if (!preset) throw new Error(`there is no preset ${id}`);
  return preset;
}
