import type { Normalization } from '../dataset/types.ts';
import type { TrainedGraph, TrainedNode } from '../export/trained-graph.ts';
import { weightMethod } from '../quant/registry.ts';
import type { DeployedWeights } from '../quant/types.ts';
import { layerKindOf } from './layers/registry.ts';
import type { ResolvedModel } from './resolve.ts';
import type { ResolvedLayer } from './types.ts';

/**
 * A resolved network and its trained numbers as the graph that evaluation and export share.
 *
 * @param values every variable of the network by name (`conv1/kernel`), float32
 * @throws RangeError where a variable is missing
 */
export function buildTrainedGraph(
  model: ResolvedModel,
  values: Record<string, Float32Array>,
  normalization: Normalization,
): TrainedGraph {
  const stands = new Map<string, string>();
  const nodes: TrainedNode[] = [];
  for (const layer of model.layers) {
    const inputs = layer.inputs.map((name) => stands.get(name) ?? name);
    const variables = variablesOf(layer.spec.id, values);
    const deployed = deployedWeights(layer, variables);
    const node = layerKindOf(layer.spec.kind).trained(
      { ...layer, inputs },
      { variables, ...(deployed ? { deployed } : {}) },
    );
    if (node) nodes.push(node);
    else stands.set(layer.spec.id, inputs[0] ?? 'input');
  }
  return {
    name: model.name,
    input: { shape: model.inputShape, zero: normalization.zero, scale: normalization.scale },
    nodes,
    output: nodes.at(-1)?.id ?? 'input',
    classes: model.outputs,
  };
}

/** The weights of a layer in their deployment form, pruned ones with the code 0; null for a layer without weights. */
export function deployedWeights(
  layer: ResolvedLayer,
  variables: Record<string, Float32Array>,
): DeployedWeights | null {
  const shape = layerKindOf(layer.spec.kind).kernel?.(layer.spec, layer.inputShapes);
  if (!shape || !layer.weights) return null;
  const { kernel, mask } = variables;
  if (!kernel) throw new RangeError(`layer ${layer.spec.id} lacks its kernel`);
  const { form } = weightMethod(layer.weights);
  if (!mask) return form.deploy(kernel, shape, layer.weights, variables);
  const deployed = form.deploy(masked(kernel, mask), shape, layer.weights, variables);
  return {
    levels: deployed.levels.map(({ codes, scale }) => ({ codes: masked(codes, mask), scale })),
    ...(deployed.float ? { float: masked(deployed.float, mask) } : {}),
  };
}

function masked<T extends Float32Array | Int8Array>(values: T, mask: Float32Array): T {
  return values.map((value, i) => (mask[i] === 0 ? 0 : value)) as T;
}

/** The variables of one layer by their short names. */
export function variablesOf(
  layer: string,
  values: Record<string, Float32Array>,
): Record<string, Float32Array> {
  const prefix = `${layer}/`;
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}
