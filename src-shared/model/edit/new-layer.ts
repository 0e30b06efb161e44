import { INPUT } from '../infer-layer.ts';
import { LAYER_KINDS } from '../layers/registry.ts';
import { freshId } from './ids.ts';
import type { LayerDocument, NetworkDocument } from './network.ts';

/** What is known of the place where a new layer goes. */
export interface NewLayerFacts {
  /** Channels of the value that enters. */
  channels?: number | undefined;
  /** Length of the vector that it should give, e.g. the classes. */
  units?: number | undefined;
}

/** First values of the fields that a kind demands. */
const REQUIRED: Readonly<Record<string, (facts: NewLayerFacts) => Record<string, unknown>>> = {
  conv2d: () => ({ filters: 32, kernel: 3 }),
  'depthwise-conv2d': () => ({ kernel: 3 }),
  dense: ({ units }) => ({ units: units ?? 64 }),
  'shortcut-a': ({ channels }) => ({ filters: channels ?? 32 }),
};

export function takenIds(network: NetworkDocument): Set<string> {
  return new Set([INPUT, ...network.layers.map(({ id }) => id)]);
}

/** A layer with an id of its own and the fields that its kind demands; all others have their defaults. */
export function newLayer(network: NetworkDocument, kind: string, facts: NewLayerFacts = {}): LayerDocument {
  return { id: freshId(kind, takenIds(network)), kind, ...REQUIRED[kind]?.(facts) };
}

/**
 * A layer as another kind, in the same place. Fields that the other kind has as well, and would take, are kept.
 */
export function replaceKind(
  network: NetworkDocument,
  id: string,
  kind: string,
  facts: NewLayerFacts = {},
): NetworkDocument {
  const shape: Readonly<Record<string, unknown>> =
    LAYER_KINDS.find((candidate) => candidate.kind === kind)?.schema.shape ?? {};
  const layers = network.layers.map((layer): LayerDocument => {
    if (layer.id !== id || layer.kind === kind) return layer;
    const kept = Object.entries(layer).filter(
      ([key, value]) => key !== 'kind' && key in shape && (key === 'inputs' || takes(shape[key], value)),
    );
    return { id, kind, ...REQUIRED[kind]?.(facts), ...Object.fromEntries(kept) };
  });
  return { ...network, layers };
}

function takes(field: unknown, value: unknown): boolean {
  return (field as { safeParse(value: unknown): { success: boolean } }).safeParse(value).success;
}
