import { z } from 'zod';
import type { LayerSpecBase } from '../types.ts';
import { asPair, inputs, layerId, padding, pair, type PaddingChoice } from '../fields.ts';
import { featureMap } from '../kind.ts';
import { layerWindow } from './sliding.ts';

/** What maximum and average pooling share. */
export function poolSchema<K extends string>(kind: K) {
  return z.strictObject({
    id: layerId,
    kind: z.literal(kind),
    inputs,
    size: pair(31, 2).meta({ unit: 'px', description: 'height and width of the window' }),
    strides: pair(31).optional().meta({
      unit: 'px',
      absent: 'as the window',
      description: 'how far the window moves; as the window: windows do not overlap',
    }),
    padding: padding.default('valid').meta({
      unit: 'px',
      description: 'same: ⌈size / stride⌉ rows and columns come out; valid: none is added',
    }),
  });
}

interface PoolSpec extends LayerSpecBase {
  size: number | [number, number];
  strides?: number | [number, number] | undefined;
  padding: PaddingChoice;
}

export function poolGeometry(spec: PoolSpec, shape: readonly number[] | undefined) {
  const [height, width, channels] = featureMap(spec, shape);
  const size = asPair(spec.size);
  const strides = asPair(spec.strides ?? spec.size);
  const out = layerWindow(spec, 'window', [height, width], size, strides);
  return { channels, size, strides, out };
}
