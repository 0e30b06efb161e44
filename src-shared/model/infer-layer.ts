import { BitsmithError } from '../base/errors.ts';
import { activationMethod, type MethodChoice } from '../quant/registry.ts';
import type { EdgeMethods } from './edges.ts';
import { shapeError } from './kind.ts';
import { layerKindOf } from './layers/registry.ts';
import type { LayerSpecBase, ResolvedLayer, Shape } from './types.ts';

/** The name under which the network's input is known in `inputs`. */
export const INPUT = 'input';

/** A value that a layer reads. */
export interface LayerInput {
  shape: Shape;
  bits: number;
}

/** Where the methods of a layer come from that names none itself. */
export interface MethodRules {
  rules: { weights: MethodChoice; activations: MethodChoice };
  edges: EdgeMethods;
}

interface WithMethods extends LayerSpecBase {
  weights?: MethodChoice | undefined;
  activations?: MethodChoice | undefined;
}

/** What a layer gives, or the network's samples where there is none. */
export function valueOf(layer: ResolvedLayer | undefined, inputShape: Shape): LayerInput {
  return layer ? { shape: layer.shape, bits: layer.outputBits } : { shape: inputShape, bits: 8 };
}

/** @throws BitsmithError `invalid-input` where the name is taken */
export function checkName(layer: LayerSpecBase, names: readonly string[]): void {
  if (names.includes(layer.id)) throw shapeError(layer, `another layer is called "${layer.id}" already`);
}

/** @throws BitsmithError `invalid-input` for too few or too many inputs */
export function checkArity(layer: LayerSpecBase, inputs: readonly string[]): void {
  const { arity } = layerKindOf(layer.kind);
  const fits = arity === 1 ? inputs.length === 1 : inputs.length >= 2;
  if (fits) return;
  const wanted = arity === 1 ? 'one input' : 'two or more inputs';
  throw shapeError(layer, `takes ${wanted}, not ${inputs.length}`);
}

/**
 * @param names of the layers before it, `input` first
 * @throws BitsmithError `invalid-input` for a name that is not among them
 */
export function checkInput(layer: LayerSpecBase, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw shapeError(layer, `its input "${name}" is not a layer before it; known here: ${names.join(', ')}`);
}

/**
 * Shape, bits and methods of one layer.
 *
 * @throws BitsmithError `invalid-input` naming the layer and what does not fit
 */
export function inferLayer(
  layer: LayerSpecBase,
  inputs: readonly string[],
  values: readonly LayerInput[],
  choices: MethodRules,
): ResolvedLayer {
  const kind = layerKindOf(layer.kind);
  const inputShapes = values.map(({ shape }) => shape);
  const shape = kind.inferShape(layer, inputShapes);
  const inputBits = Math.max(...values.map(({ bits }) => bits));
  const resolved: ResolvedLayer = {
    spec: layer,
    inputs,
    inputShapes,
    shape,
    inputBits,
    outputBits: inputBits,
    ...methodsOfLayer(layer, choices),
  };
  if (resolved.weights) resolved.outputBits = 32;
  else if (resolved.activation) resolved.outputBits = activationMethod(resolved.activation).bits;
  else if (kind.bits) resolved.outputBits = kind.bits(inputBits);
  return resolved;
}

/** The methods that apply to a layer: its own, else those of the rules for the edges, else the run's. */
export function methodsOfLayer(
  layer: WithMethods,
  { rules, edges }: MethodRules,
): Pick<ResolvedLayer, 'weights' | 'activation'> {
  if (layerKindOf(layer.kind).kernel) {
    return { weights: layer.weights ?? edges.weights.get(layer.id) ?? rules.weights };
  }
  if (layer.kind !== 'activation') return {};
  return { activation: layer.activations ?? edges.activations.get(layer.id) ?? rules.activations };
}

/** Layers whose value nobody reads, the last one aside. */
export function looseErrors(
  layers: readonly { spec: LayerSpecBase; inputs: readonly string[] }[],
): BitsmithError[] {
  const used = new Set(layers.flatMap(({ inputs }) => inputs));
  return layers
    .slice(0, -1)
    .filter(({ spec }) => !used.has(spec.id))
    .map(({ spec }) => shapeError(spec, 'nothing uses its output; connect it or remove it'));
}

/**
 * What is wrong with what leaves a network: its last layer's shape, values that nobody reads, the number of classes.
 *
 * @param layers every layer of the network, in order
 */
export function outputErrors(
  name: string,
  layers: readonly ResolvedLayer[],
  classes: number | undefined,
): BitsmithError[] {
  const last = layers.at(-1);
  const wrong = (text: string) =>
    new BitsmithError('invalid-input', `model "${name}": its last layer "${last?.spec.id ?? ''}" ${text}`, {
      ...(last ? { layer: last.spec.id } : {}),
    });
  if (last?.shape.length !== 1) {
    const shape = (last?.shape ?? []).join(', ');
    return [wrong(`must give one number per class, but its shape is [${shape}]`), ...looseErrors(layers)];
  }
  const outputs = last.shape[0] ?? 0;
  if (classes === undefined || outputs === classes) return looseErrors(layers);
  return [...looseErrors(layers), wrong(`gives ${outputs} numbers, but the data set has ${classes} classes`)];
}
