import { weightMethod, type MethodChoice } from '../quant/registry.ts';
import { checkCombination } from './combination/index.ts';
import { edgeMethods, type FirstLayerRule, type LastLayerRule } from './edges.ts';
import {
  checkArity,
  checkInput,
  checkName,
  INPUT,
  inferLayer,
  outputErrors,
  valueOf,
} from './infer-layer.ts';
import type { ModelSpec } from './spec.ts';
import type { ResolvedLayer, Shape } from './types.ts';

export { INPUT } from './infer-layer.ts';

/** Which methods a layer takes that names none itself. */
export interface QuantizationRules {
  weights: MethodChoice;
  activations: MethodChoice;
  /** Overrides for the first and the last layer that has weights. A layer's own methods go before them. */
  firstLayer?: FirstLayerRule | undefined;
  lastLayer?: LastLayerRule | undefined;
}

/** A network whose every shape is known and whose every layer has its methods. */
export interface ResolvedModel {
  name: string;
  inputShape: Shape;
  layers: readonly ResolvedLayer[];
  /** Number of logits. */
  outputs: number;
}

/**
 * Infers every shape and assigns every method.
 *
 * @param classes number of classes of the data set: the output must be a vector of that length
 * @throws BitsmithError `invalid-input` naming the layer and what does not fit, or the methods that do not go together
 */
export function resolveModel(spec: ModelSpec, rules: QuantizationRules, classes?: number): ResolvedModel {
  const model = inferModel(spec, rules, classes);
  checkCombination(model);
  return model;
}

/**
 * The same, whether or not the methods go together.
 *
 * @throws BitsmithError `invalid-input` naming the layer and what does not fit
 */
export function inferModel(spec: ModelSpec, rules: QuantizationRules, classes?: number): ResolvedModel {
  const known = new Map<string, ResolvedLayer>();
  const choices = { rules, edges: edgeMethods(spec, rules) };
  const names = [INPUT];
  const layers = spec.layers.map((layer, index): ResolvedLayer => {
    checkName(layer, names);
    const inputs = layer.inputs ?? [spec.layers[index - 1]?.id ?? INPUT];
    checkArity(layer, inputs);
    for (const name of inputs) checkInput(layer, name, names);
    const values = inputs.map((name) => valueOf(known.get(name), spec.input.shape));
    const resolved = inferLayer(layer, inputs, values, choices);
    names.push(layer.id);
    known.set(layer.id, resolved);
    return resolved;
  });
  const [wrong] = outputErrors(spec.name, layers, classes);
  if (wrong) throw wrong;
  return {
    name: spec.name,
    inputShape: spec.input.shape,
    layers,
    outputs: layers.at(-1)?.shape[0] ?? 0,
  };
}

/** Ids of the methods that occur, for tables and filters. */
export function methodsOf(model: ResolvedModel): { weights: string[]; activations: string[] } {
  const ids = (choices: readonly (MethodChoice | undefined)[]) => [
    ...new Set(choices.flatMap((choice) => (choice ? [choice.method] : []))),
  ];
  return {
    weights: ids(model.layers.map((layer) => layer.weights)),
    activations: ids(model.layers.map((layer) => layer.activation)),
  };
}

/** Bits per weight of a layer with a kernel, as deployed. */
export function weightBits(layer: ResolvedLayer): number {
  return layer.weights ? weightMethod(layer.weights).bits : 32;
}
