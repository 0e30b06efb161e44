import { BitsmithError } from '../base/errors.ts';
import { activationMethod, weightMethod, type MethodChoice } from '../quant/registry.ts';
import { checkCombination } from './combination/index.ts';
import { edgeMethods, type FirstLayerRule, type LastLayerRule } from './edges.ts';
import { shapeError } from './kind.ts';
import { layerKindOf } from './layers/registry.ts';
import type { ModelSpec } from './spec.ts';
import type { LayerSpecBase, ResolvedLayer, Shape } from './types.ts';

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

/** The name under which the network's input is known in `inputs`. */
export const INPUT = 'input';

interface WithWeights extends LayerSpecBase {
  weights?: MethodChoice | undefined;
}
interface WithActivations extends LayerSpecBase {
  activations?: MethodChoice | undefined;
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
  const shapes = new Map<string, Shape>([[INPUT, spec.input.shape]]);
  const bits = new Map<string, number>([[INPUT, 8]]);
  const used = new Set<string>();
  const edges = edgeMethods(spec, rules);
  const layers = spec.layers.map((layer, index): ResolvedLayer => {
    const kind = layerKindOf(layer.kind);
    if (shapes.has(layer.id)) throw shapeError(layer, `another layer is called "${layer.id}" already`);
    const inputs = layer.inputs ?? [spec.layers[index - 1]?.id ?? INPUT];
    checkArity(layer, kind.arity, inputs);
    const inputShapes = inputs.map((name) => {
      const shape = shapes.get(name);
      used.add(name);
      if (!shape) {
        const known = [...shapes.keys()].join(', ');
        throw shapeError(layer, `its input "${name}" is not a layer before it; known here: ${known}`);
      }
      return shape;
    });
    const shape = kind.inferShape(layer, inputShapes);
    const inputBits = Math.max(...inputs.map((name) => bits.get(name) ?? 32));
    const resolved: ResolvedLayer = {
      spec: layer,
      inputs,
      inputShapes,
      shape,
      inputBits,
      outputBits: inputBits,
    };
    if (kind.kernel) {
      resolved.weights = (layer as WithWeights).weights ?? edges.weights.get(layer.id) ?? rules.weights;
      resolved.outputBits = 32;
    } else if (layer.kind === 'activation') {
      resolved.activation =
        (layer as WithActivations).activations ?? edges.activations.get(layer.id) ?? rules.activations;
      resolved.outputBits = activationMethod(resolved.activation).bits;
    } else if (kind.bits) {
      resolved.outputBits = kind.bits(inputBits);
    }
    shapes.set(layer.id, shape);
    bits.set(layer.id, resolved.outputBits);
    return resolved;
  });
  checkOutput(spec, layers, used, classes);
  return {
    name: spec.name,
    inputShape: spec.input.shape,
    layers,
    outputs: layers.at(-1)?.shape[0] ?? 0,
  };
}

function checkArity(layer: LayerSpecBase, arity: 1 | 'two or more', inputs: readonly string[]): void {
  const fits = arity === 1 ? inputs.length === 1 : inputs.length >= 2;
  if (!fits)
    throw shapeError(
      layer,
      `takes ${arity === 1 ? 'one input' : 'two or more inputs'}, not ${inputs.length}`,
    );
}

function checkOutput(
  spec: ModelSpec,
  layers: readonly ResolvedLayer[],
  used: ReadonlySet<string>,
  classes: number | undefined,
): void {
  const last = layers.at(-1);
  if (!last || last.shape.length !== 1) {
    throw new BitsmithError(
      'invalid-input',
      `model "${spec.name}": its last layer "${last?.spec.id ?? ''}" must give one number per class, ` +
        `but its shape is [${(last?.shape ?? []).join(', ')}]`,
    );
  }
  const loose = layers.find((layer) => layer !== last && !used.has(layer.spec.id));
  if (loose) throw shapeError(loose.spec, 'nothing uses its output; connect it or remove it');
  if (classes !== undefined && last.shape[0] !== classes) {
    throw new BitsmithError(
      'invalid-input',
      `model "${spec.name}": its last layer "${last.spec.id}" gives ${last.shape[0]} numbers, but the data set has ` +
        `${classes} classes`,
    );
  }
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
