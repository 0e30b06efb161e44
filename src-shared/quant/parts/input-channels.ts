import type { TF, Tensor } from '../../base/tensorflow.ts';
import type { WeightShape } from '../types.ts';
import { meanRemaining } from './masks.ts';

/** Input channels of a filter and the axis over which they run; null where there is one channel: nothing to centre. */
export function inputChannels({ shape, filterAxis }: WeightShape): { axis: number; count: number } | null {
  if (filterAxis !== shape.length - 1) return null;
  const axis = shape.length - 2;
  const count = shape[axis] ?? 1;
  return count > 1 ? { axis, count } : null;
}

/** 1 − 1/c_in, the diagonal of the derivative of mean-centring; 1 where nothing is centred. */
export function centringFactor(shape: WeightShape): number {
  const channels = inputChannels(shape);
  return channels ? 1 - 1 / channels.count : 1;
}

/** w less its mean over the input channels (those of them that a mask keeps), at each kernel position and filter. */
export function centred(tf: TF, w: Tensor, shape: WeightShape, mask?: Tensor): Tensor {
  const channels = inputChannels(shape);
  if (!channels) return w;
  return tf.sub(w, meanRemaining(tf, mask ? tf.mul(w, mask) : w, [channels.axis], mask));
}

/** The same from plain numbers, without a mask. */
export function centredNumbers(kernel: Float32Array, shape: WeightShape): Float32Array {
  const channels = inputChannels(shape);
  if (!channels) return kernel.slice();
  const { filters } = shape;
  // Channels and filters are the last two axes: channels of one position and filter lie `filters` apart.
  const span = channels.count * filters;
  const means = new Float64Array(kernel.length / channels.count);
  const groupOf = (i: number) => Math.floor(i / span) * filters + (i % filters);
  kernel.forEach((w, i) => {
    means[groupOf(i)] = (means[groupOf(i)] ?? 0) + w / channels.count;
  });
  return kernel.map((w, i) => w - (means[groupOf(i)] ?? 0));
}
