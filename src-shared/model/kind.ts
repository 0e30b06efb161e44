import type { z } from 'zod';
import { BitsmithError } from '../base/errors.ts';
import type { LayerKind, LayerSpecBase } from './types.ts';

/**
 * Ties a layer's functions to its schema; the registry then holds kinds of all specification types in one list. Whoever
 * calls them passes specifications that this very schema has checked.
 */
export function layerKind<S extends z.ZodObject<z.core.$ZodLooseShape, z.core.$strict>>(
  kind: Omit<LayerKind<z.output<S> & LayerSpecBase>, 'schema'> & { schema: S },
): LayerKind {
  return kind as unknown as LayerKind;
}

/** The error of a layer whose shapes do not fit. */
export function shapeError(layer: LayerSpecBase, problem: string): BitsmithError {
  return new BitsmithError('invalid-input', `layer "${layer.id}" (${layer.kind}): ${problem}`, {
    layer: layer.id,
  });
}

/** The layer's one input as [height, width, channels]. */
export function featureMap(
  layer: LayerSpecBase,
  shape: readonly number[] | undefined,
): [number, number, number] {
  const [height, width, channels, ...more] = shape ?? [];
  if (height === undefined || width === undefined || channels === undefined || more.length > 0) {
    throw shapeError(
      layer,
      `needs a feature map [height, width, channels], but its input has shape [${(shape ?? []).join(', ')}]`,
    );
  }
  return [height, width, channels];
}
