import { z } from 'zod';
import type { LayerSpecBase } from '../types.ts';
import { asPair, inputs, layerId, padding, pair } from '../fields.ts';
import { featureMap, shapeError } from '../kind.ts';
import { slideWindow } from '../window.ts';

/** What maximum and average pooling share. */
export function poolSchema<K extends string>(kind: K) {
  return z.strictObject({
    id: layerId,
    kind: z.literal(kind),
    inputs,
    size: pair(31, 2),
    /** Absent: the window's size, so that windows do not overlap. */
    strides: pair(31).optional(),
    padding: padding.default('valid'),
  });
}

interface PoolSpec extends LayerSpecBase {
  size: number | [number, number];
  strides?: number | [number, number] | undefined;
  padding: 'same' | 'valid';
}

export function poolGeometry(spec: PoolSpec, shape: readonly number[] | undefined) {
  const [height, width, channels] = featureMap(spec, shape);
  const size = asPair(spec.size);
  const strides = asPair(spec.strides ?? spec.size);
  const out = slideWindow([height, width], size, strides, [1, 1], spec.padding);
  if (!out) {
    throw shapeError(spec, `a ${size.join('×')} window does not fit into its ${height}×${width} input`);
  }
  return { channels, size, strides, out };
}
