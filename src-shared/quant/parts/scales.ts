import type { TF, Tensor } from '../../base/tensorflow.ts';
import type { WeightShape } from '../types.ts';
import { meanRemaining, remains } from './masks.ts';

/** One scale (and threshold) for the whole layer, or one per output filter. */
export const GRANULARITIES = ['layer', 'filter'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** Axes over which statistics of one scale are taken; with `keepDims` the result broadcasts against the kernel. */
export function statisticAxes(shape: WeightShape, granularity: Granularity): number[] {
  const axes = shape.shape.map((_, axis) => axis);
  return granularity === 'layer' ? axes : axes.filter((axis) => axis !== shape.filterAxis);
}

/** Mean of |w| per scale group, over the weights that a mask keeps; broadcastable to the kernel. */
export function meanAbs(
  tf: TF,
  w: Tensor,
  shape: WeightShape,
  granularity: Granularity,
  mask?: Tensor,
): Tensor {
  return meanRemaining(tf, tf.abs(w), statisticAxes(shape, granularity), mask);
}

/** Index of the filter that element `i` of the kernel belongs to. */
export function filterOf(shape: WeightShape, i: number): number {
  const after = shape.shape.slice(shape.filterAxis + 1).reduce((product, size) => product * size, 1);
  return Math.floor(i / after) % shape.filters;
}

/**
 * Element indices of the kernel, grouped by scale: one group for `layer`, one per filter for `filter`. With a mask only
 * those of the weights that remain.
 */
export function groups(shape: WeightShape, granularity: Granularity, mask?: Float32Array): Uint32Array[] {
  const count = shape.shape.reduce((product, size) => product * size, 1);
  const lists: number[][] = Array.from({ length: granularity === 'layer' ? 1 : shape.filters }, () => []);
  for (let i = 0; i < count; i++)
    if (remains(mask, i)) lists[granularity === 'layer' ? 0 : filterOf(shape, i)]?.push(i);
  return lists.map((list) => Uint32Array.from(list));
}
