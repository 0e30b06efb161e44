import { isObject, type JsonObject } from '../../base/json-document.ts';
import { INPUT } from '../infer-layer.ts';

/** A layer as it is written: it may not fit the schema of its kind yet. */
export interface LayerDocument extends JsonObject {
  id: string;
  kind: string;
  inputs?: string[];
}

/** A network as it is written: its layers can be told apart, and nothing else is promised. */
export interface NetworkDocument extends JsonObject {
  layers: readonly LayerDocument[];
}

/** A network that can be drawn and edited as a graph, or one sentence that says why it cannot be. */
export type NetworkReading =
  { ok: true; network: NetworkDocument } | { ok: false; message: string; layer?: number };

/**
 * Reads a network that is being edited. A graph needs a list of objects, each with an `id` of its own and a `kind`;
 * whatever else is wrong is no hindrance.
 */
export function readNetwork(value: unknown): NetworkReading {
  if (!isObject(value)) return { ok: false, message: 'the network is no object' };
  const { layers } = value;
  if (!Array.isArray(layers)) return { ok: false, message: '"layers" is no list of layers' };
  const known = new Set<string>([INPUT]);
  for (const [index, layer] of (layers as unknown[]).entries()) {
    const message = problemOf(layer, known);
    if (message) return { ok: false, message: `layer ${index + 1} ${message}`, layer: index };
    known.add((layer as LayerDocument).id);
  }
  return { ok: true, network: value as NetworkDocument };
}

function problemOf(layer: unknown, known: ReadonlySet<string>): string | null {
  if (!isObject(layer)) return 'is no object with "id" and "kind"';
  if (typeof layer.id !== 'string' || layer.id === '') return 'has no "id"';
  if (known.has(layer.id)) return `has the id "${layer.id}", which is taken`;
  if (typeof layer.kind !== 'string') return `("${layer.id}") has no "kind"`;
  const { inputs } = layer;
  if (inputs === undefined) return null;
  if (Array.isArray(inputs) && inputs.every((name) => typeof name === 'string')) return null;
  return `("${layer.id}"): "inputs" is no list of layer ids`;
}
