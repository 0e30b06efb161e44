import { BitsmithError } from '../base/errors.ts';
import type { MethodChoice } from '../quant/registry.ts';
import { shapeError } from './kind.ts';
import { LAYER_KINDS } from './layers/registry.ts';
import type { ModelSpec } from './spec.ts';
import type { LayerSpecBase } from './types.ts';

/** Methods of the first layer that has weights. What enters it are the samples themselves, 8 bits each. */
export interface FirstLayerRule {
  weights?: MethodChoice | undefined;
}
/** Methods of the last layer that has weights, and of the activation layer that feeds it. */
export interface LastLayerRule {
  weights?: MethodChoice | undefined;
  activations?: MethodChoice | undefined;
}

/** Methods by layer id that the rules for the first and the last layer decide. */
export interface EdgeMethods {
  weights: ReadonlyMap<string, MethodChoice>;
  activations: ReadonlyMap<string, MethodChoice>;
}

/** Kinds through which the values of an activation layer reach the layer that it feeds. */
const PASSING = new Set(['flatten', 'dropout', 'max-pool', 'average-pool', 'global-average-pool']);

/**
 * @throws BitsmithError `invalid-input` where the last layer's activation rule has no layer to apply to, or where both
 *   rules claim the only layer with weights
 */
export function edgeMethods(
  spec: Pick<ModelSpec, 'layers'>,
  rules: { firstLayer?: FirstLayerRule | undefined; lastLayer?: LastLayerRule | undefined },
): EdgeMethods {
  const weights = new Map<string, MethodChoice>();
  const activations = new Map<string, MethodChoice>();
  const weighted = weightedLayers(spec);
  const [first, last] = [weighted[0], weighted.at(-1)];
  const [opening, closing] = [rules.firstLayer?.weights, rules.lastLayer?.weights];
  if (first && first === last && opening && closing && JSON.stringify(opening) !== JSON.stringify(closing)) {
    throw new BitsmithError(
      'invalid-input',
      `layer "${first.id}" is the first and the last with weights, but "quantization.firstLayer.weights" gives it ` +
        `"${opening.method}" and "quantization.lastLayer.weights" gives it "${closing.method}" otherwise; keep one of them`,
      { layer: first.id },
    );
  }
  if (last && closing) weights.set(last.id, closing);
  if (first && opening) weights.set(first.id, opening);
  if (last && rules.lastLayer?.activations) {
    activations.set(
      feedingActivation(spec, last, rules.lastLayer.activations).id,
      rules.lastLayer.activations,
    );
  }
  return { weights, activations };
}

/** The layers whose weights a method quantizes, in order. */
export function weightedLayers({ layers }: Pick<ModelSpec, 'layers'>): LayerSpecBase[] {
  return layers.filter(({ kind }) => LAYER_KINDS.find((candidate) => candidate.kind === kind)?.kernel);
}

/** The activation layer whose values reach `layer`, if need be through pooling, dropout and flattening. */
function feedingActivation(
  spec: Pick<ModelSpec, 'layers'>,
  layer: LayerSpecBase,
  choice: MethodChoice,
): LayerSpecBase {
  const before = (current: LayerSpecBase): LayerSpecBase | undefined => {
    const [name] = current.inputs ?? [];
    return name === undefined
      ? spec.layers[spec.layers.indexOf(current) - 1]
      : spec.layers.find(({ id }) => id === name);
  };
  const seen = new Set<LayerSpecBase>([layer]);
  let source = before(layer);
  // A network that is being edited may go round in circles.
  while (source && PASSING.has(source.kind) && !seen.has(source)) {
    seen.add(source);
    source = before(source);
  }
  if (source?.kind === 'activation') return source;
  throw shapeError(
    layer,
    `"quantization.lastLayer.activations" gives "${choice.method}" to the activation layer that feeds it, but it is fed by ` +
      (source ? `layer "${source.id}" (${source.kind})` : 'the input') +
      '; put an activation layer before it or remove the rule',
  );
}
