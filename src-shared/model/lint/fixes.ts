import type { LayerSpecBase } from '../types.ts';
import type { ModelSpec } from '../spec.ts';

/** The network with one field of one layer changed. */
export function withField(spec: ModelSpec, id: string, field: string, value: unknown): ModelSpec {
  const layers = spec.layers.map((layer): LayerSpecBase =>
    layer.id === id ? { ...layer, [field]: value } : layer,
  );
  return { ...spec, layers };
}
