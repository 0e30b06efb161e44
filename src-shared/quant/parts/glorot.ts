import type { TF, Tensor } from '../../base/tensorflow.ts';
import type { WeightShape } from '../types.ts';

/**
 * √((fan-in + fan-out)/1.5), the inverse Glorot coefficient of a layer; fans include the extents of the kernel. The code
 * of BinaryConnect and BNN multiplies each update of the latent weights by it.
 */
export function inverseGlorot({ shape, fanIn, filters, filterAxis }: WeightShape): number {
  const kernelArea = shape.slice(0, -2).reduce((product, extent) => product * extent, 1);
  const depthwise = filterAxis !== shape.length - 1;
  const fanOut = kernelArea * (depthwise ? 1 : filters);
  return Math.sqrt((fanIn + fanOut) / 1.5);
}

/** before + factor · (proposed − before). */
export function scaledUpdate(tf: TF, proposed: Tensor, before: Tensor, factor: number): Tensor {
  return tf.add(before, tf.mul(tf.sub(proposed, before), factor));
}
