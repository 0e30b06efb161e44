import { isObject } from '../../base/json-document.ts';
import type { ResolvedModel } from '../resolve.ts';
import { ModelSpecSchema, type ModelSpec } from '../spec.ts';
import type { Shape } from '../types.ts';
import { SPEC_KEY } from './domain.ts';
import type { OnnxGraph, OnnxModel } from './onnx.ts';
import { signatureOf } from './signature.ts';

/** A network as a specification that names the method of every layer itself, whatever rules it was resolved with. */
export function statedSpec({ name, inputShape, layers }: ResolvedModel): ModelSpec {
  return {
    version: 1,
    name,
    input: { shape: sampleShape(inputShape) },
    layers: layers.map(({ spec, weights, activation }) => ({
      ...spec,
      ...(weights ? { weights } : {}),
      ...(activation ? { activations: activation } : {}),
    })),
  };
}

function sampleShape([height = 1, width = 1, channels = 1]: Shape): [number, number, number] {
  return [height, width, channels];
}

/** The text by which a model carries the specification that it was made of. */
export function stateSpec(model: ResolvedModel, graph: OnnxGraph): string {
  return JSON.stringify({ signature: signatureOf(graph), spec: statedSpec(model) });
}

/**
 * The specification that a file of Bitsmith's own was made of. `changed`: it carries one, but its nodes are no longer
 * those that were written.
 */
export function readStatedSpec({ metadata, graph }: OnnxModel): ModelSpec | 'changed' | 'none' {
  const text = metadata[SPEC_KEY];
  if (text === undefined) return 'none';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'changed';
  }
  if (!isObject(value) || value.signature !== signatureOf(graph)) return 'changed';
  const spec = ModelSpecSchema.safeParse(value.spec);
  return spec.success ? spec.data : 'changed';
}
