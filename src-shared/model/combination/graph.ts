import { convolutionGeometry, type ConvolutionSpec } from '../layers/convolution.ts';
import type { PadValue } from '../layers/pad-value.ts';
import type { ResolvedLayer } from '../types.ts';
import type { Combination } from './types.ts';

/** Kinds that hand on what they get: the same values, some of them, means of them, or zeros beside them. */
const PASSING = new Set([
  'flatten',
  'dropout',
  'max-pool',
  'average-pool',
  'global-average-pool',
  'shortcut-a',
]);

/**
 * The layers whose values reach `layer`: its inputs, with every kind that only hands values on left out. The samples
 * themselves are not among them.
 *
 * @param through further kinds to look through
 */
export function sourcesOf(
  model: Combination,
  layer: ResolvedLayer,
  through: readonly string[] = [],
): ResolvedLayer[] {
  return layer.inputs.flatMap((name) => {
    const source = model.layers.find(({ spec }) => spec.id === name);
    if (!source) return [];
    const passes = PASSING.has(source.spec.kind) || through.includes(source.spec.kind);
    return passes ? sourcesOf(model, source, through) : [source];
  });
}

/**
 * The activation layer whose values a layer reads just so: directly, or through pooling that chooses among them and
 * dropout. Undefined where it reads anything else.
 */
export function activationBefore(model: Combination, layer: ResolvedLayer): ResolvedLayer | undefined {
  const source = model.layers.find(({ spec }) => spec.id === layer.inputs[0]);
  const { kind } = source?.spec ?? {};
  if (source && (kind === 'max-pool' || kind === 'dropout')) return activationBefore(model, source);
  return kind === 'activation' ? source : undefined;
}

/** The convolutions of a network that pad their input, and what they pad it with. */
export function paddedConvolutions(model: Combination): { layer: ResolvedLayer; padValue: PadValue }[] {
  return model.layers.flatMap((layer) => {
    if (layer.spec.kind !== 'conv2d' && layer.spec.kind !== 'depthwise-conv2d') return [];
    const spec = layer.spec as ConvolutionSpec;
    const { padding } = convolutionGeometry(spec, layer.inputShapes[0]).out;
    const pads = Object.values(padding).some((rows) => rows > 0);
    return pads ? [{ layer, padValue: spec.padValue ?? 'zero' }] : [];
  });
}

/** `"ttq" and "twn"`, each once. */
export function quoted(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `"${name}"`).join(' and ');
}
